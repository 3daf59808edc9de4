# Warnings and sanitizers for our own code, as one target that every room links.
add_library(footfall_warnings INTERFACE)
target_compile_options(footfall_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wimplicit-fallthrough -Werror=return-type
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)  # False alarms of GCC 12 on std::string (bug 105329).
if(FOOTFALL_WERROR)
  target_compile_options(footfall_warnings INTERFACE -Werror)
endif()

set(FOOTFALL_SANITIZE "" CACHE STRING "address,undefined or thread")
if(FOOTFALL_SANITIZE)
  add_compile_options(-fsanitize=${FOOTFALL_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${FOOTFALL_SANITIZE})
  # The library's own checks see what the sanitizers cannot: a span or view left inside its memory.
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
  # GCC takes the sanitizers' own branches for ways around an initialisation.
  target_compile_options(footfall_warnings INTERFACE
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()
