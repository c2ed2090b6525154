# The toolchain for arm64 on another processor: Debian's cross compiler, the libraries that tools/cross puts into the
# sysroot, and qemu for the programs that a build or ctest runs.
set(JOBMAP_SYSROOT "${CMAKE_CURRENT_LIST_DIR}/../build/sysroot-arm64" CACHE PATH "Libraries of arm64 (tools/cross makes it)")
if(DEFINED ENV{JOBMAP_SYSROOT})
  set(JOBMAP_SYSROOT "$ENV{JOBMAP_SYSROOT}" CACHE PATH "" FORCE)
endif()
get_filename_component(JOBMAP_SYSROOT "${JOBMAP_SYSROOT}" ABSOLUTE)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES JOBMAP_SYSROOT)
set(triple aarch64-linux-gnu)

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER ${triple}-gcc)
set(CMAKE_CXX_COMPILER ${triple}-g++)
set(CMAKE_SYSROOT "${JOBMAP_SYSROOT}")
set(CMAKE_LIBRARY_ARCHITECTURE ${triple})
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64-static -L "${JOBMAP_SYSROOT}")

# protoc and the like are this machine's, which is of the same Debian; libraries and headers never are.
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_LIBDIR} "${JOBMAP_SYSROOT}/usr/lib/${triple}/pkgconfig:${JOBMAP_SYSROOT}/usr/share/pkgconfig")
set(ENV{PKG_CONFIG_SYSROOT_DIR} "${JOBMAP_SYSROOT}")

# The package's architecture, and where dpkg-shlibdeps finds the libraries.
set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE arm64)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${JOBMAP_SYSROOT}/usr/lib/${triple}")
