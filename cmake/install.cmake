# What `cmake --install` lays where, in three components, and how CPack makes a .deb of each.
#
# The panel comes built from web-admin/dist. Units and configuration carry the paths of the prefix;
# docs/*.conf are the one source of the installed files and of their manual pages.
include(GNUInstallDirs)
set(LOA_PACKAGE_VERSION ${PROJECT_VERSION} CACHE STRING "version of the packages")
set(packaging ${CMAKE_CURRENT_SOURCE_DIR}/packaging)
set(made ${CMAKE_CURRENT_BINARY_DIR}/packaging)
set(libexec ${CMAKE_INSTALL_LIBEXECDIR}/loa)
string(TIMESTAMP loa_date "%B %d, %Y" UTC) # SOURCE_DATE_EPOCH, when set
string(TIMESTAMP loa_changed "%a, %d %b %Y %H:%M:%S +0000" UTC)

install(TARGETS loa-controller DESTINATION ${CMAKE_INSTALL_SBINDIR} COMPONENT controller)
install(TARGETS loa-content-worker loa-listen-worker DESTINATION ${libexec} COMPONENT controller)
install(TARGETS loa-player DESTINATION ${CMAKE_INSTALL_SBINDIR} COMPONENT player)
install(TARGETS loa-decode DESTINATION ${libexec} COMPONENT player)
install(PROGRAMS player/loa-speak DESTINATION ${libexec} COMPONENT player)
install(TARGETS loa loa-simcard DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tools)
install(TARGETS simcard_pcm simcard_ctl DESTINATION lib/loa/simcard COMPONENT tools)
install(TARGETS loa-simboard DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tools)
if(TARGET loa-speech-worker)
  install(TARGETS loa-speech-worker DESTINATION ${libexec} COMPONENT controller)
  set(speech loa-speech-worker)
endif()
install(DIRECTORY docs/boards/ DESTINATION share/doc/loa-player/examples/boards COMPONENT player OPTIONAL)
install(FILES docs/limits.conf DESTINATION share/doc/loa-player/examples COMPONENT player)
install(FILES ${packaging}/completion/loa DESTINATION share/bash-completion/completions COMPONENT tools)
# Missing when only the daemons were built; `./loa package` builds it first.
install(DIRECTORY web-admin/dist/ DESTINATION share/loa/panel COMPONENT controller OPTIONAL)

# loa_document(COMPONENT FOLDER NAME SOURCE [COMMAND...]): SOURCE, or what COMMAND makes of it, gzipped.
function(loa_document component folder name source)
  if(ARGN)
    set(make ${ARGN})
  else()
    set(make cat ${source})
  endif()
  set(result ${made}/${component}/${name}.gz)
  add_custom_command(OUTPUT ${result} COMMAND ${CMAKE_COMMAND} -E make_directory ${made}/${component}
    COMMAND ${make} | gzip -9nc > ${result} DEPENDS ${source} ${packaging}/man/conf-to-mdoc.awk VERBATIM)
  set_property(GLOBAL APPEND PROPERTY loa_documents ${result})
  install(FILES ${result} DESTINATION ${folder} COMPONENT ${component})
endfunction()

foreach(part controller player tools)
  file(CONFIGURE OUTPUT ${made}/${part}.changelog @ONLY CONTENT "loa (${LOA_PACKAGE_VERSION}) stable; urgency=medium

  * See CHANGELOG.md of the source for what changed.

 -- Loa maintainers <maintainers@loa.example.vn>  ${loa_changed}
")
  loa_document(${part} share/doc/loa-${part} changelog ${made}/${part}.changelog)
  install(FILES ${packaging}/debian/copyright DESTINATION share/doc/loa-${part} COMPONENT ${part})
endforeach()

# loa_service(PART [JOB...]): configuration, unit, user, directories, maintainer scripts and manual pages.
function(loa_service part)
  set(daemon loa-${part})
  configure_file(${packaging}/systemd/${daemon}.service.in ${made}/${daemon}.service @ONLY)
  install(FILES ${made}/${daemon}.service DESTINATION lib/systemd/system COMPONENT ${part})
  set(units ${daemon}.service)
  foreach(job ${ARGN}) # a service with its timer
    configure_file(${packaging}/systemd/${job}.service.in ${made}/${job}.service @ONLY)
    install(FILES ${made}/${job}.service ${packaging}/systemd/${job}.timer DESTINATION lib/systemd/system COMPONENT ${part})
    string(APPEND units " ${job}.timer")
  endforeach()
  foreach(kind sysusers tmpfiles)
    install(FILES ${packaging}/systemd/${daemon}.${kind} DESTINATION lib/${kind}.d RENAME ${daemon}.conf COMPONENT ${part})
  endforeach()

  set(sample ${CMAKE_CURRENT_SOURCE_DIR}/docs/${part}.conf)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${sample})
  file(READ ${sample} text)
  string(REPLACE /usr/libexec ${CMAKE_INSTALL_FULL_LIBEXECDIR} text "${text}")
  string(REPLACE /usr/share ${CMAKE_INSTALL_FULL_DATADIR} text "${text}")
  file(CONFIGURE OUTPUT ${made}/${part}.conf @ONLY CONTENT "${text}")
  # What the administrator wrote is never overwritten by `cmake --install`; dpkg asks by itself.
  install(CODE "
    set(place ${CMAKE_INSTALL_FULL_SYSCONFDIR}/loa)
    set(name ${part}.conf)
    if(EXISTS \"\$ENV{DESTDIR}\${place}/\${name}\")
      set(name ${part}.conf.new)
    endif()
    file(INSTALL DESTINATION \"\${place}\" TYPE FILE RENAME \${name} FILES ${made}/${part}.conf)" COMPONENT ${part})

  loa_document(${part} ${CMAKE_INSTALL_MANDIR}/man8 ${daemon}.8 ${packaging}/man/${daemon}.8)
  loa_document(${part} ${CMAKE_INSTALL_MANDIR}/man5 ${part}.conf.5 ${made}/${part}.conf
    awk -v name=${part}.conf -v daemon=${daemon} -v date=${loa_date} -f ${packaging}/man/conf-to-mdoc.awk ${made}/${part}.conf)

  file(READ ${packaging}/debian/${part}.first first_words)
  string(STRIP "${first_words}" first_words)
  foreach(script config postinst prerm postrm)
    configure_file(${packaging}/debian/${script}.in ${made}/${part}/${script} @ONLY)
    file(CHMOD ${made}/${part}/${script} PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
  endforeach()
  configure_file(${packaging}/debian/${part}.templates ${made}/${part}/templates COPYONLY)
  if(part STREQUAL controller)
    set(site "/etc/nginx/sites-available/loa\n")
  endif()
  file(CONFIGURE OUTPUT ${made}/${part}/conffiles @ONLY CONTENT "/etc/loa/${part}.conf\n${site}")
endfunction()
loa_service(controller loa-backup loa-tls-renew)
loa_service(player)
install(FILES ${packaging}/nginx/loa DESTINATION ${CMAKE_INSTALL_FULL_SYSCONFDIR}/nginx/sites-available COMPONENT controller)
install(FILES ${packaging}/udev/60-loa-player.rules DESTINATION lib/udev/rules.d COMPONENT player)
foreach(page loa loa-simcard loa-simboard)
  loa_document(tools ${CMAKE_INSTALL_MANDIR}/man1 ${page}.1 ${packaging}/man/${page}.1)
endforeach()
get_property(documents GLOBAL PROPERTY loa_documents)
add_custom_target(loa_documents ALL DEPENDS ${documents})
add_custom_target(loa_installed DEPENDS loa_documents
  loa-controller loa-content-worker loa-listen-worker loa-player loa-decode loa loa-simcard simcard_pcm simcard_ctl loa-simboard ${speech})
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON) # tests are no part of it

set(CPACK_GENERATOR DEB)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL controller player tools)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_SET_DESTDIR ON) # /etc is no part of the prefix
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_NAME loa)
set(CPACK_PACKAGE_VERSION ${LOA_PACKAGE_VERSION})
set(CPACK_PACKAGE_CONTACT "Loa maintainers <maintainers@loa.example.vn>")
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/packages)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(service_needs "debconf (>= 0.5) | debconf-2.0, systemd | systemd-standalone-sysusers, systemd | systemd-standalone-tmpfiles")
# GStreamer's plugins are opened at run time, out of sight of shlibdeps. The worker's are those of the
# one list of packages; the player needs the base set.
execute_process(COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/tools/install-packages --list run OUTPUT_VARIABLE run_list COMMAND_ERROR_IS_FATAL ANY)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/tools/install-packages)
string(REGEX MATCHALL "gstreamer1.0-plugins-[a-z]+" plugins "${run_list}")
list(JOIN plugins ", " plugins)
set(CPACK_DEBIAN_CONTROLLER_PACKAGE_DEPENDS "${service_needs}, ${plugins}, glib-networking, tzdata")
set(CPACK_DEBIAN_PLAYER_PACKAGE_DEPENDS "${service_needs}, gstreamer1.0-plugins-base, gstreamer1.0-plugins-good, gstreamer1.0-plugins-bad, glib-networking, gstreamer1.0-tools, espeak-ng, libasound2-data, ca-certificates")
set(CPACK_DEBIAN_PLAYER_PACKAGE_SUGGESTS "loa-tools")
set(CPACK_DEBIAN_CONTROLLER_PACKAGE_RECOMMENDS "loa-tools, nginx")
set(CPACK_DEBIAN_TOOLS_PACKAGE_RECOMMENDS "age") # backups are encrypted by it
set(CPACK_COMPONENT_CONTROLLER_DESCRIPTION "controller of a digital commune radio
Serves the web panel and its API, plans every station's day, signs the plans
and keeps the signed receipts of what was really played. One process and one
database; the panel is inside.")
set(CPACK_COMPONENT_PLAYER_DESCRIPTION "player of one horn station of a digital commune radio
Fetches a signed plan and its audio over a weak link, plays each item at the
right instant without anyone near, and sends back a signed receipt of what
left the sound card.")
set(CPACK_COMPONENT_TOOLS_DESCRIPTION "tools for a digital commune radio
Checks configuration files and exported ledgers, and simulates sound cards,
so that a station can be tried on a desk without any.")
foreach(part controller player tools)
  string(TOUPPER ${part} PART)
  set(CPACK_DEBIAN_${PART}_PACKAGE_NAME loa-${part})
  set(CPACK_DEBIAN_${PART}_PACKAGE_SECTION sound)
  if(NOT part STREQUAL tools)
    set(scripts ${made}/${part})
    set(CPACK_DEBIAN_${PART}_PACKAGE_CONTROL_EXTRA "${scripts}/postinst;${scripts}/prerm;${scripts}/postrm;${scripts}/conffiles;${scripts}/config;${scripts}/templates")
  endif()
endforeach()
include(CPack)
