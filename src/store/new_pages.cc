#include "footfall/store/new_pages.h"

#include <fmt/format.h>

namespace footfall::store {

base::Status NewPages::put(const Intake& intake) {
  for (const auto& page : {intake.new_items, intake.new_orders, intake.new_texts}) {
    if (page) FOOTFALL_RETURN_IF_ERROR(check_size(page->text_bytes()));
  }
  FOOTFALL_RETURN_IF_ERROR(check_size(intake.new_people.size()));
  const auto put_texts = [&](const PageKind& kind, const auto& page) {
    if (!page) return;
    put_page(kind, page->first_code(), encoded_.emplace_back(page->encode()));
    draft_.manifest.*kind.size += static_cast<std::uint32_t>(page->size());
  };
  put_texts(kItemPages, intake.new_items);
  put_texts(kOrderPages, intake.new_orders);
  put_texts(kTextPages, intake.new_texts);
  draft_.manifest.own_names = intake.own_names;
  if (intake.new_people_count > 0) {
    put_page(kPeoplePages, draft_.manifest.people + 1, intake.new_people);
    draft_.manifest.people += intake.new_people_count;
  }
  writer_.start();
  return base::Ok{};
}

base::Status NewPages::check_size(std::uint64_t bytes) const {
  if (bytes <= store_.options.page_bytes_max) return base::Ok{};
  return base::Error{
      base::ErrorCode::kMemory,
      fmt::format("expected at most {} bytes of new texts or persons in one import: {}",
                  store_.options.page_bytes_max, bytes),
      {},
      "take the files in by several calls: one brings too many new texts or persons"};
}

void NewPages::put_page(const PageKind& kind, std::uint32_t first, std::string_view bytes) {
  const std::string key = numbered_key(kind.prefix, first);
  if (bytes.size() < store_.options.page_file_min) {
    draft_.batch.put(key, bytes);
    return;
  }
  draft_.written.push_back(writer_.add(page_file_name(kind.name, first), bytes));
  draft_.batch.put(key, encode_page_reference(refer_to(bytes)));
}

}  // namespace footfall::store
