# A worker program that plays scripts; without sanitizers, since a fuzzer starts it many times a second.
add_executable(foliot_hostile_worker ${CMAKE_CURRENT_LIST_DIR}/hostile_worker.cpp ${CMAKE_SOURCE_DIR}/server/process/frames.cpp)
target_include_directories(foliot_hostile_worker PRIVATE ${CMAKE_CURRENT_LIST_DIR} ${CMAKE_SOURCE_DIR}/server)
target_compile_options(foliot_hostile_worker PRIVATE -fno-sanitize=all)
target_link_options(foliot_hostile_worker PRIVATE -fno-sanitize=all)
target_link_libraries(foliot_hostile_worker PRIVATE foliot_flags)
set_target_properties(foliot_hostile_worker PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
