#include "footfall/cli/failure.h"

#include <fmt/format.h>

#include "footfall/base/words.h"
#include "footfall/cli/answer_document.h"

namespace footfall::cli {
namespace {

std::string place_words(const base::Where& where) {
  std::string words = safe(where.file);
  if (where.row > 0) words += fmt::format("{}{}", words.empty() ? "row " : ":", where.row);
  if (!where.column.empty()) words += (words.empty() ? "" : ":") + safe(where.column);
  return words;
}

}  // namespace

int exit_code(base::ErrorCode code) {
  switch (code) {
    case base::ErrorCode::kInvalidArgument:
    case base::ErrorCode::kNotFound:
    case base::ErrorCode::kAlreadyExists:
    case base::ErrorCode::kBusy:
    case base::ErrorCode::kPermission:
      return kExitRefused;
    case base::ErrorCode::kDamaged:
    case base::ErrorCode::kDiskFull:
    case base::ErrorCode::kIo:
    case base::ErrorCode::kMemory:
      return kExitFailed;
    case base::ErrorCode::kInterrupted:
      return kExitLook;
  }
  return kExitFailed;
}

Json error_document(const base::Error& error) {
  Json where = Json::object();
  if (!error.where.file.empty()) where["file"] = error.where.file;
  if (error.where.row > 0) where["row"] = error.where.row;
  if (!error.where.column.empty()) where["column"] = error.where.column;
  if (!error.where.field.empty()) where["field"] = error.where.field;
  Json inner = Json::object();
  inner["code"] = base::error_code_name(error.code);
  inner["message"] = error.message;
  inner["where"] = std::move(where);
  inner["hint"] = error.hint;
  Json document = Json::object();
  document["error"] = std::move(inner);
  return document;
}

std::string error_text(const base::Error& error, const Style& style) {
  std::string text = style.paint("footfall:", Tone::kBad) + " ";
  const std::string place = place_words(error.where);
  std::string_view message = error.message;
  // Many messages name their file already; the row and column of the place say more.
  const bool named = message.find(place) != std::string_view::npos;
  const std::string file = error.where.file + ": ";
  if (!named && file.size() > 2 && message.starts_with(file)) message.remove_prefix(file.size());
  if (!named) text += place + ": ";
  const std::size_t used = 10 + (named ? 0 : base::display_width(place) + 2);
  text += wrap(safe(message), style.width, 2, used) + "\n";
  if (!error.hint.empty()) {
    text += style.paint("  " + wrap(safe(error.hint), style.width, 2, 2), Tone::kDim) + "\n";
  }
  return text;
}

}  // namespace footfall::cli
