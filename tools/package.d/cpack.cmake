# Read by CPack for each kind of package: the Debian one puts the symbols into a package of their own and strips by itself.
if(CPACK_GENERATOR STREQUAL "TGZ")
  set(CPACK_STRIP_FILES ON)
endif()
