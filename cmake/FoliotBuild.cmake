# What every target of ours shares: language, warnings, sanitizers, compiler cache, where a build puts things.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(FOLIOT_MODULE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/modules)

set(FOLIOT_SANITIZE "" CACHE STRING "Sanitizers to build with, as in -fsanitize=")

find_program(FOLIOT_CCACHE ccache)
if(FOLIOT_CCACHE)
  # The first two let ccache serve units that use a precompiled header.
  set(cache_launcher ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_NOHASHDIR=1
                     CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} ${FOLIOT_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${cache_launcher})
  set(CMAKE_C_COMPILER_LAUNCHER ${cache_launcher})
endif()

add_library(foliot_flags INTERFACE)
target_compile_options(foliot_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
if(NOT DEFINED CMAKE_COMPILE_WARNING_AS_ERROR)  # packages set it off: other compilers and flags than ours have a say there
  target_compile_options(foliot_flags INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(foliot_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>)
endif()
if(FOLIOT_SANITIZE)
  add_compile_options(-g1 -fsanitize=${FOLIOT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=${FOLIOT_SANITIZE})
endif()

# foliot_room(NAME [LINK lib...]): one folder of the server as a static library foliot_NAME.
function(foliot_room name)
  cmake_parse_arguments(room "" "" "LINK" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/app/main[.]cpp$")
  if(NOT sources)
    message(FATAL_ERROR "room ${name} has no sources")
  endif()
  add_library(foliot_${name} STATIC ${sources})
  target_include_directories(foliot_${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(foliot_${name} PUBLIC ${room_LINK} PRIVATE foliot_flags)
  if(TARGET foliot_pch AND NOT name STREQUAL "base")
    target_precompile_headers(foliot_${name} REUSE_FROM foliot_pch)
  endif()
endfunction()
