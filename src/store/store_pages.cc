// Visiting the pages of a shop's dictionaries, in the journal and in files.
#include <utility>

#include "footfall/store/durable_file.h"
#include "footfall/store/page_file.h"
#include "footfall/store/store_impl.h"

namespace footfall::store {

base::Status StoreImpl::visit_page(const PageKind& kind, std::string_view key,
                                   std::string_view value, const PageVisit& visit) const {
  FOOTFALL_TRY(const std::optional<PageReference> reference, page_reference(value));
  if (!reference) return visit("", value);
  const auto first = static_cast<std::uint32_t>(number_of_key(key));
  const std::string file = page_path(page_file_name(kind.name, first));
  FOOTFALL_TRY(const MappedFile page, open_page_file(file, *reference));
  base::Status seen = visit(file, as_text(page.bytes()));
  if (seen.ok()) return seen;
  base::Error error = std::move(seen).error();
  if (error.where.file.empty()) error.where.file = file;
  return error;
}

base::Status StoreImpl::scan_pages(const PageKind& kind, const PageVisit& visit) const {
  return journal->scan_prefix(
      kind.prefix, [&](std::string_view key, std::string_view value) -> base::Status {
        base::Status seen = visit_page(kind, key, value, visit);
        if (seen.ok() || seen.error().code != base::ErrorCode::kDamaged) return seen;
        base::Error error = std::move(seen).error();
        error.message = page_words(kind, number_of_key(key)) + ": " + error.message;
        if (error.where.file.empty()) error.where.file = path + "/journal";
        return error;
      });
}

}  // namespace footfall::store
