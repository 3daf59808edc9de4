# The house's rules as tests: tools/tidy over the tree, and tools/tidy against its own samples.
if(FOOTFALL_TESTS)
  add_test(NAME tidy COMMAND ${PROJECT_SOURCE_DIR}/tools/tidy)
  add_test(NAME tidy_samples COMMAND ${PROJECT_SOURCE_DIR}/tools/tidy --self-test)
endif()
