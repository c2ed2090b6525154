# What is installed, and the Debian package and archive that tools/package makes of it by CPack.
include(GNUInstallDirs)
set(parts "${PROJECT_SOURCE_DIR}/tools/package.d")
set(made "${CMAKE_BINARY_DIR}/package_files")

# The settings file, the man pages and the changelog: from the programs' own help and from CHANGELOG.md.
add_custom_target(package_files
  COMMAND "${parts}/make_files" "$<TARGET_FILE_DIR:jobmapd>" "${made}" "${JOBMAP_PACKAGE_VERSION}"
          ${CMAKE_CROSSCOMPILING_EMULATOR}
  DEPENDS jobmap jobmapd
  VERBATIM)

install(TARGETS jobmap jobmapd RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(DIRECTORY web-demo/dist/ DESTINATION "${CMAKE_INSTALL_DATADIR}/jobmap/web")
install(FILES "${made}/jobmapd.conf" DESTINATION /etc/jobmap)
install(DIRECTORY "${made}/man/" DESTINATION "${CMAKE_INSTALL_MANDIR}")
install(FILES "${parts}/jobmap.bash" RENAME jobmap
  DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
install(FILES "${parts}/jobmap.bash" RENAME jobmapd
  DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
install(FILES "${parts}/jobmapd.service" "${parts}/jobmapd.socket" DESTINATION /lib/systemd/system)
install(FILES "${made}/changelog.gz" "${made}/copyright" docs/operations.md docs/api.md LICENSE
  DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/jobmap")
install(FILES "${parts}/nginx.conf" "${parts}/haproxy.cfg" "${parts}/alerts.yml"
  DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/jobmap/examples")

# Installs what is built already: tools/package builds it.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_NAME jobmap)
set(CPACK_PACKAGE_VERSION "${JOBMAP_PACKAGE_VERSION}")
set(CPACK_PACKAGE_CONTACT "The authors of Jobmap <jobmap@jobmap.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "map of the jobs that a person can reach")
set(CPACK_PACKAGE_DESCRIPTION
"jobmapd serves an employment map: jobs as vector tiles, lists and counts, near
a metro station, within minutes of home, in a district. jobmap makes and fills
its database, which is a SpatiaLite file.")
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_SET_DESTDIR ON)  # as /etc and /lib are not below it
set(CPACK_PROJECT_CONFIG_FILE "${parts}/cpack.cmake")
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PACKAGE_FILE_NAME "jobmap_${JOBMAP_PACKAGE_VERSION}_${CMAKE_SYSTEM_PROCESSOR}")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION web)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "proj-data, tzdata")
set(CPACK_DEBIAN_DEBUGINFO_PACKAGE ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA "${parts}/postinst;${parts}/prerm;${parts}/postrm;${parts}/conffiles")
include(CPack)
