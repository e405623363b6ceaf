# A room is one folder of a daemon and one static library: loa_room(controller http LINKS ...) makes
# controller_http from controller/http/*.c. It sees its daemon's folder and what it links, nothing else.
# Sources named *_main.c belong to programs of their own and are left out.
function(loa_room part room)
  cmake_parse_arguments(ROOM "" "" "LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${room}/*.c)
  list(FILTER sources EXCLUDE REGEX "_main\\.c$")
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
  set_tests_properties(unit/${name} PROPERTIES TIMEOUT 120 LABELS unit ENVIRONMENT "G_TEST_SRCDIR=${CMAKE_SOURCE_DIR};G_TEST_BUILDDIR=${CMAKE_BINARY_DIR}")
endfunction()
