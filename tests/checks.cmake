# The shape of the code, as tests.
add_test(NAME check_layers COMMAND "${PROJECT_SOURCE_DIR}/tests/check_layers")
add_test(NAME check_format COMMAND "${PROJECT_SOURCE_DIR}/tests/check_format")
add_test(NAME check_sizes COMMAND "${PROJECT_SOURCE_DIR}/tests/check_sizes")
# The examples of all headers, in one translation unit.
add_test(NAME check_examples COMMAND "${PROJECT_SOURCE_DIR}/tests/check_examples")
set_tests_properties(check_examples PROPERTIES TIMEOUT 600)
