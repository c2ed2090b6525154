# The two functions every directory uses: warnings, hardening and sanitizers come from one interface target.
add_library(jobmap_options INTERFACE)
target_include_directories(jobmap_options INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(jobmap_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Wold-style-cast)
# Our own arithmetic rounds alike on every processor: where there is one instruction for a * b + c (arm64), g++ would
# use it, and it rounds once where two instructions round twice.
target_compile_options(jobmap_options INTERFACE -ffp-contract=off)
# popcnt and SSE4.2: every x86-64 processor since 2009 has them, and counting bits is what a query does.
if(JOBMAP_PLAIN)
  target_compile_definitions(jobmap_options INTERFACE JOBMAP_PLAIN=1)
elseif(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  target_compile_options(jobmap_options INTERFACE -march=x86-64-v2)
endif()
target_compile_definitions(jobmap_options INTERFACE _GLIBCXX_ASSERTIONS
  JOBMAP_VERSION="${PROJECT_VERSION}")
if(JOBMAP_SANITIZE)
  target_compile_options(jobmap_options INTERFACE -fsanitize=${JOBMAP_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(jobmap_options INTERFACE -fsanitize=${JOBMAP_SANITIZE})
  # Every test is a program of its own, of some 50 MB: lld links one in a third of ld's time.
  find_program(JOBMAP_LLD NAMES ld.lld)
  if(JOBMAP_LLD)
    target_link_options(jobmap_options INTERFACE -fuse-ld=lld)
  endif()
  target_compile_definitions(jobmap_options INTERFACE JOBMAP_SANITIZED=1)
else()
  target_compile_options(jobmap_options INTERFACE -fstack-protector-strong)
  target_compile_definitions(jobmap_options INTERFACE $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>)
  target_link_options(jobmap_options INTERFACE -Wl,-z,relro,-z,now)
endif()

# Compiles the files of a target in even batches, each about so large, where JOBMAP_UNITY says so.
function(jobmap_batches name)
  if(NOT JOBMAP_UNITY)
    return()
  endif()
  set(files ${ARGN})
  list(FILTER files INCLUDE REGEX "\\.cpp$")
  list(LENGTH files count)
  math(EXPR batches "(${count} + 11) / 12")
  math(EXPR size "(${count} + ${batches} - 1) / ${batches}")
  set_target_properties(${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${size})
endfunction()

# jobmap_library(<name> SOURCES <file>... [LINK <target>...])
function(jobmap_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  jobmap_batches(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC jobmap_options ${ARG_LINK})
endfunction()

# jobmap_program(<name> SOURCES <file>... [LINK <target>...])
function(jobmap_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE jobmap_options ${ARG_LINK})
endfunction()

# jobmap_test(<name> SOURCES <file>... [LINK <target>...]): a GoogleTest program, one ctest entry a program.
# The code under test keeps UndefinedBehaviorSanitizer. The test's own lines go without: a third less to compile.
function(jobmap_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  jobmap_program(${name} SOURCES ${ARG_SOURCES} LINK ${ARG_LINK} GTest::gtest_main)
  if(JOBMAP_SANITIZE MATCHES "undefined")
    target_compile_options(${name} PRIVATE -fno-sanitize=undefined)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 600)
endfunction()
