# Third-party libraries, each wrapped in one target that the rooms name.
find_package(Threads REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(TBB REQUIRED)
find_package(hwy REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(GTest REQUIRED)
find_package(benchmark QUIET)

# Headers of libraries are not held to our warnings.
function(footfall_library name)
  cmake_parse_arguments(LIB "" "" "LINK;INCLUDE;DEFINE" ${ARGN})
  add_library(${name} INTERFACE)
  target_link_libraries(${name} INTERFACE ${LIB_LINK})
  target_include_directories(${name} SYSTEM INTERFACE ${LIB_INCLUDE})
  target_compile_definitions(${name} INTERFACE ${LIB_DEFINE})
endfunction()

find_library(ROCKSDB_LIBRARY rocksdb REQUIRED)
find_library(SODIUM_LIBRARY sodium REQUIRED)
find_library(ZSTD_LIBRARY zstd REQUIRED)
find_library(ZLIB_LIBRARY z REQUIRED)
find_library(SIMDJSON_LIBRARY simdjson REQUIRED)
find_library(DATE_TZ_LIBRARY date-tz REQUIRED)
find_library(XXHASH_LIBRARY xxhash REQUIRED)

footfall_library(footfall_rocksdb LINK ${ROCKSDB_LIBRARY})
footfall_library(footfall_sodium LINK ${SODIUM_LIBRARY})
footfall_library(footfall_zstd LINK ${ZSTD_LIBRARY})
footfall_library(footfall_zlib LINK ${ZLIB_LIBRARY})
footfall_library(footfall_simdjson LINK ${SIMDJSON_LIBRARY})
footfall_library(footfall_date LINK ${DATE_TZ_LIBRARY})
footfall_library(footfall_xxhash LINK ${XXHASH_LIBRARY})
footfall_library(footfall_hwy LINK hwy::hwy)
footfall_library(footfall_tbb LINK TBB::tbb Threads::Threads)
footfall_library(footfall_json)
footfall_library(footfall_cli11)

# DuckDB is not in Debian: `./run` fetches the pinned library into FOOTFALL_DEPENDENCIES.
set(FOOTFALL_DEPENDENCIES ${PROJECT_SOURCE_DIR}/build/dependencies CACHE PATH
    "Where ./run keeps the libraries that Debian does not have")
if(NOT EXISTS ${FOOTFALL_DEPENDENCIES}/duckdb/libduckdb.so)
  message(FATAL_ERROR "DuckDB is missing in ${FOOTFALL_DEPENDENCIES}: start with `./run build`")
endif()
footfall_library(footfall_duckdb LINK ${FOOTFALL_DEPENDENCIES}/duckdb/libduckdb.so
                 INCLUDE ${FOOTFALL_DEPENDENCIES}/duckdb)
