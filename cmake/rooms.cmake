# The direction of the house: which room may use which other rooms and which libraries.
#
# Every room is a static library built from src/ROOM/*.cc, with its tests (*_test.cc) and
# benchmarks (*_bench.cc) beside it. A room's include root holds links to itself and to the rooms
# it may use, nothing else: a header of any other room is not found by the compiler.

# footfall_room(NAME USES room... LIBRARIES target...)
function(footfall_room name)
  cmake_parse_arguments(ROOM "" "" "USES;LIBRARIES;TEST_USES;TEST_LIBRARIES" ${ARGN})
  set(room_dir ${PROJECT_SOURCE_DIR}/src/${name})
  string(REPLACE "/" "_" target ${name})
  set(include_root ${PROJECT_BINARY_DIR}/rooms/${target})
  _footfall_link_rooms(${include_root} ${name} ${ROOM_USES})

  file(GLOB sources CONFIGURE_DEPENDS ${room_dir}/*.cc)
  file(GLOB tests CONFIGURE_DEPENDS ${room_dir}/*_test.cc)
  file(GLOB benches CONFIGURE_DEPENDS ${room_dir}/*_bench.cc)
  list(REMOVE_ITEM sources ${tests} ${benches})
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")

  set(room_targets "")
  foreach(used IN LISTS ROOM_USES)
    list(APPEND room_targets footfall_${used})
  endforeach()

  if(sources)
    add_library(footfall_${target} STATIC ${sources})
    target_include_directories(footfall_${target} PRIVATE ${include_root})
    target_link_libraries(footfall_${target} PRIVATE footfall_warnings
                          PUBLIC ${room_targets} ${ROOM_LIBRARIES})
  else()
    add_library(footfall_${target} INTERFACE)
    target_link_libraries(footfall_${target} INTERFACE ${room_targets} ${ROOM_LIBRARIES})
  endif()

  if(tests AND FOOTFALL_TESTS)
    set(test_root ${PROJECT_BINARY_DIR}/rooms/${target}_test)
    _footfall_link_rooms(${test_root} ${name} ${ROOM_USES} ${ROOM_TEST_USES})
    add_executable(${target}_test ${tests})
    target_include_directories(${target}_test PRIVATE ${test_root})
    target_link_libraries(${target}_test PRIVATE footfall_warnings footfall_${target}
                          ${ROOM_TEST_LIBRARIES} GTest::gmock GTest::gtest_main)
    foreach(used IN LISTS ROOM_TEST_USES)
      target_link_libraries(${target}_test PRIVATE footfall_${used})
    endforeach()
    add_test(NAME ${target} COMMAND ${target}_test)
    set_tests_properties(${target} PROPERTIES WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  endif()

  if(benches AND FOOTFALL_BENCHES)
    add_executable(${target}_bench ${benches})
    target_include_directories(${target}_bench PRIVATE ${include_root})
    target_link_libraries(${target}_bench PRIVATE footfall_warnings footfall_${target}
                          benchmark::benchmark_main)
  endif()
endfunction()

# Makes ROOT/footfall/ROOM a link to src/ROOM for each named room, and removes other links.
function(_footfall_link_rooms root)
  file(MAKE_DIRECTORY ${root}/footfall)
  file(GLOB old_links ${root}/footfall/*)
  foreach(link IN LISTS old_links)
    get_filename_component(room ${link} NAME)
    if(NOT room IN_LIST ARGN)
      file(REMOVE ${link})
    endif()
  endforeach()
  foreach(room IN LISTS ARGN)
    if(NOT EXISTS ${root}/footfall/${room})
      file(CREATE_LINK ${PROJECT_SOURCE_DIR}/src/${room} ${root}/footfall/${room} SYMBOLIC)
    endif()
  endforeach()
endfunction()

# The table. A room knows only the rooms named in its line.
footfall_room(base
  LIBRARIES fmt::fmt footfall_date footfall_tbb footfall_xxhash)
footfall_room(events
  USES base
  LIBRARIES footfall_simdjson)
footfall_room(privacy
  USES base events
  LIBRARIES footfall_sodium)
footfall_room(store
  USES base events privacy
  LIBRARIES footfall_rocksdb footfall_zstd)
footfall_room(analytics
  USES base events store
  LIBRARIES footfall_hwy)
footfall_room(features
  USES base events store)
footfall_room(models
  USES base)
footfall_room(decisions
  USES base events privacy features models
  LIBRARIES footfall_json)
footfall_room(connectors
  USES base events store
  LIBRARIES footfall_duckdb footfall_zstd footfall_zlib)
footfall_room(engine
  USES base events privacy store analytics features models decisions connectors
  LIBRARIES footfall_json)
footfall_room(cli
  USES base events engine
  LIBRARIES footfall_json footfall_cli11)
