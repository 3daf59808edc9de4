#include "footfall/engine/output_place.h"

#include <filesystem>

#include "footfall/base/words.h"
#include "footfall/store/store.h"

namespace footfall::engine {

base::Status expect_outside_shops(const std::string& path, const std::string& field) {
  std::error_code failure;
  // Absolute first: a name that is not there yet would stay as short as it is.
  const std::filesystem::path whole =
      std::filesystem::weakly_canonical(std::filesystem::absolute(path, failure), failure);
  if (failure) return base::Ok{};  // Opening it will say what is wrong.
  for (std::filesystem::path folder = whole.parent_path();; folder = folder.parent_path()) {
    if (store::is_shop_folder(folder)) {
      return base::Error{
          base::ErrorCode::kInvalidArgument,
          "expected a place outside of a shop's folder: " + base::printable(path, 4096),
          {path, 0, "", field},
          "nothing but the shop's own files belongs there: " +
              base::printable(folder.string(), 4096)};
    }
    if (folder == folder.parent_path()) return base::Ok{};
  }
}

}  // namespace footfall::engine
