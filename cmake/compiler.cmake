# Warnings, hardening and sanitizers for every target of the project.
option(LOA_WERROR "Treat warnings as errors (CI)" OFF)
option(LOA_SANITIZE "Address and undefined-behaviour sanitizers" OFF)
option(LOA_DEBUG_LOOP "Warn when something holds the main loop for more than 50 ms" OFF)

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_compile_options(
  -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wswitch-enum -Wformat=2
  -Wwrite-strings -Wpointer-arith -Wundef -Wvla -Wnull-dereference
  -fstack-protector-strong -fno-strict-aliasing)
if(LOA_WERROR)
  add_compile_options(-Werror)
endif()
if(LOA_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=address,undefined)
elseif(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release") # what is installed does not know where it was built
  add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
endif()
add_link_options(-Wl,-z,relro,-z,now)
add_compile_definitions(
  _GNU_SOURCE
  LOA_VERSION="${PROJECT_VERSION}"
  GLIB_VERSION_MIN_REQUIRED=GLIB_VERSION_2_74
  GLIB_VERSION_MAX_ALLOWED=GLIB_VERSION_2_74)
if(LOA_DEBUG_LOOP)
  add_compile_definitions(LOA_DEBUG_LOOP=1)
endif()
