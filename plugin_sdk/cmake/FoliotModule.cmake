# Building job modules: foliot_add_module and foliot_add_module_tests.

# foliot_add_module(<name> VERSION <version> SOURCES <file>... [LINK <library>...]
#                   [TARGET <target>] [OUTPUT_DIRECTORY <folder>] [NO_INSTALL] [COMPONENT <component>])
#
# A job module <name>.so; <name> is what stands before the colon in "module:function" and may hold dots. The sources may use
# FOLIOT_MODULE_NAME and FOLIOT_MODULE_VERSION, both string literals:
#   FOLIOT_MODULE(FOLIOT_MODULE_NAME, FOLIOT_MODULE_VERSION, module) { ... }
#
# TARGET            name of the CMake target, by default <name>
# OUTPUT_DIRECTORY  where the build puts it, by default FOLIOT_MODULE_OUTPUT_DIRECTORY, else <build folder>/modules
# NO_INSTALL        no install rule; else it goes to FOLIOT_MODULE_INSTALL_DIR, by default lib/foliot/modules, where a server
#                   looks below /usr and /usr/local
function(foliot_add_module name)
  cmake_parse_arguments(PARSE_ARGV 1 module "NO_INSTALL" "VERSION;TARGET;OUTPUT_DIRECTORY;COMPONENT" "SOURCES;LINK")
  if(NOT name MATCHES "^[A-Za-z_][A-Za-z0-9_.-]*$")
    message(FATAL_ERROR "foliot_add_module: '${name}' is not a module name: letters, digits, '_', '.', '-', not first a digit")
  endif()
  foreach(needed VERSION SOURCES)
    if(NOT module_${needed})
      message(FATAL_ERROR "foliot_add_module(${name}): ${needed} is missing")
    endif()
  endforeach()
  if(module_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "foliot_add_module(${name}): unknown: ${module_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT module_TARGET)
    set(module_TARGET ${name})
  endif()
  if(NOT module_OUTPUT_DIRECTORY)
    set(module_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/modules)
    if(FOLIOT_MODULE_OUTPUT_DIRECTORY)
      set(module_OUTPUT_DIRECTORY ${FOLIOT_MODULE_OUTPUT_DIRECTORY})
    endif()
  endif()

  add_library(${module_TARGET} MODULE ${module_SOURCES})
  set_target_properties(${module_TARGET} PROPERTIES
    PREFIX "" OUTPUT_NAME "${name}" SUFFIX ".so" DEBUG_POSTFIX "" LIBRARY_OUTPUT_DIRECTORY "${module_OUTPUT_DIRECTORY}"
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/foliot_module.map)
  target_compile_features(${module_TARGET} PRIVATE cxx_std_20)
  target_link_libraries(${module_TARGET} PRIVATE Foliot::sdk ${module_LINK})
  foliot_set_module_definitions(${module_TARGET} ${name} ${module_VERSION})
  foliot_set_module_flags(${module_TARGET})
  if(NOT module_NO_INSTALL)
    foliot_install_module(${module_TARGET} "${module_COMPONENT}")
  endif()
endfunction()

# foliot_add_module_tests(<target> <file>... [LINK <library>...])
#
# A test program <target>_tests of these files and the module's own, known to ctest by that name. <target> is a module's.
# Beside it <target>_check: what `foliot module check` says of the module, where that command is installed. Needs
# include(CTest) or enable_testing() before.
function(foliot_add_module_tests module)
  cmake_parse_arguments(PARSE_ARGV 1 tests "" "" "LINK")
  if(NOT CMAKE_TESTING_ENABLED)
    message(WARNING "foliot_add_module_tests(${module}): ctest will not know of these tests; write include(CTest) before")
  endif()
  get_target_property(sources ${module} SOURCES)
  get_target_property(folder ${module} SOURCE_DIR)
  list(TRANSFORM sources PREPEND "${folder}/" REGEX "^[^/]")
  add_executable(${module}_tests ${tests_UNPARSED_ARGUMENTS} ${sources})
  target_compile_features(${module}_tests PRIVATE cxx_std_20)
  target_compile_definitions(${module}_tests PRIVATE $<TARGET_PROPERTY:${module},COMPILE_DEFINITIONS>)
  target_link_libraries(${module}_tests PRIVATE $<TARGET_PROPERTY:${module},LINK_LIBRARIES> ${tests_LINK})
  add_test(NAME ${module}_tests COMMAND ${module}_tests)
  foliot_is_sanitized(is_sanitized)
  if(FOLIOT_PROGRAM AND NOT is_sanitized)
    add_test(NAME ${module}_check COMMAND ${FOLIOT_PROGRAM} module check $<TARGET_FILE:${module}>)
  endif()
endfunction()

# A sanitizer's symbols come from the program, so it must be built with the same one.
function(foliot_is_sanitized result)
  set(${result} FALSE PARENT_SCOPE)
  if(FOLIOT_SANITIZE OR "${CMAKE_CXX_FLAGS} ${CMAKE_MODULE_LINKER_FLAGS}" MATCHES "-fsanitize")
    set(${result} TRUE PARENT_SCOPE)
  endif()
endfunction()

function(foliot_set_module_definitions target name version)
  target_compile_definitions(${target} PRIVATE FOLIOT_MODULE_NAME="${name}" FOLIOT_MODULE_VERSION="${version}")
endfunction()

function(foliot_set_module_flags target)
  # The version script also makes local what the compiler marks as unique in the process (statics of templates): two
  # modules share nothing. With "now" a missing symbol is found when the module is loaded, not in the middle of a run.
  target_link_options(${target} PRIVATE -Wl,-z,now -Wl,--build-id
    -Wl,--version-script=${CMAKE_CURRENT_FUNCTION_LIST_DIR}/foliot_module.map)
  foliot_is_sanitized(is_sanitized)
  if(NOT is_sanitized)
    target_link_options(${target} PRIVATE -Wl,-z,defs)
  endif()
endfunction()

function(foliot_install_module target component)
  set(folder lib/foliot/modules)  # not <libdir>, which may hold the name of a machine, and in which no server looks
  if(FOLIOT_MODULE_INSTALL_DIR)
    set(folder ${FOLIOT_MODULE_INSTALL_DIR})
  endif()
  if(component)
    install(TARGETS ${target} LIBRARY DESTINATION ${folder} COMPONENT ${component})
  else()
    install(TARGETS ${target} LIBRARY DESTINATION ${folder})
  endif()
endfunction()
