# A room is one folder of a daemon and one static library: loa_room(controller http LINKS ...) makes
# controller_http from controller/http/*.c. It sees its daemon's folder and what it links, nothing else.
# Sources named *_main.c, and *_gst.c that they need, belong to programs of their own and are left out.
function(loa_room part room)
  cmake_parse_arguments(ROOM "" "" "LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${room}/*.c)
  list(FILTER sources EXCLUDE REGEX "_(main|gst)\\.c$")
  if(NOT sources)
    return() # the room appears with its first file
  endif()
  add_library(${part}_${room} STATIC ${sources})
  target_include_directories(${part}_${room} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
  foreach(link ${ROOM_LINKS})
    if(TARGET ${link} OR link MATCHES "::|^-|^m$")
      target_link_libraries(${part}_${room} PUBLIC ${link})
    endif()
  endforeach()
  set_property(GLOBAL APPEND PROPERTY loa_${part}_rooms ${part}_${room})
endfunction()

# loa_unit_test(NAME SOURCE LINKS...): a g_test program, run by ctest under the name unit/NAME.
function(loa_unit_test name source)
  string(REPLACE "/" "_" target "test_${name}")
  add_executable(${target} ${source})
  target_link_libraries(${target} PRIVATE ${ARGN})
  add_test(NAME unit/${name} COMMAND ${target} --tap)
  set_tests_properties(unit/${name} PROPERTIES TIMEOUT 300 LABELS unit ENVIRONMENT "G_TEST_SRCDIR=${CMAKE_SOURCE_DIR};G_TEST_BUILDDIR=${CMAKE_BINARY_DIR}")
endfunction()

# loa_embed(TARGET NAME PREFIX FOLDER FILES...): puts files into the target as the GResource
# <NAME>_get_resource() of NAME.h, each under PREFIX/file.
find_program(GLIB_COMPILE_RESOURCES glib-compile-resources REQUIRED)
function(loa_embed target name prefix folder)
  set(xml "<gresources><gresource prefix=\"${prefix}\">")
  foreach(file ${ARGN})
    string(APPEND xml "<file>${file}</file>")
    list(APPEND files ${folder}/${file})
  endforeach()
  set(base ${CMAKE_CURRENT_BINARY_DIR}/embed/${name})
  file(CONFIGURE OUTPUT ${base}.gresource.xml CONTENT "${xml}</gresource></gresources>\n")
  foreach(output source:c header:h)
    string(REPLACE ":" ";" output ${output})
    list(GET output 0 kind)
    list(GET output 1 suffix)
    add_custom_command(OUTPUT ${base}.${suffix}
      COMMAND ${GLIB_COMPILE_RESOURCES} --sourcedir=${folder} --generate-${kind} --c-name=${name}
        --target=${base}.${suffix} ${base}.gresource.xml
      DEPENDS ${files} ${base}.gresource.xml VERBATIM)
  endforeach()
  target_sources(${target} PRIVATE ${base}.c ${base}.h)
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/embed)
endfunction()
