# The shape of the code, as tests.
add_test(NAME check_layers COMMAND "${PROJECT_SOURCE_DIR}/tests/check_layers")
add_test(NAME check_format COMMAND "${PROJECT_SOURCE_DIR}/tests/check_format")
add_test(NAME check_sizes COMMAND "${PROJECT_SOURCE_DIR}/tests/check_sizes")
