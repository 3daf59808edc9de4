#include "footfall/base/result.h"

#include <cerrno>

namespace footfall::base {

const char* error_code_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return "invalid_argument";
    case ErrorCode::kNotFound:
      return "not_found";
    case ErrorCode::kAlreadyExists:
      return "already_exists";
    case ErrorCode::kBusy:
      return "busy";
    case ErrorCode::kDamaged:
      return "damaged";
    case ErrorCode::kPermission:
      return "permission_denied";
    case ErrorCode::kDiskFull:
      return "disk_full";
    case ErrorCode::kIo:
      return "io_error";
    case ErrorCode::kMemory:
      return "out_of_memory";
    case ErrorCode::kInterrupted:
      return "interrupted";
  }
  return "unknown";
}

ErrorCode error_code_of(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return ErrorCode::kDiskFull;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorCode::kPermission;
    case ENOENT:
    case ENOTDIR:
      return ErrorCode::kNotFound;
    case EISDIR:
    case ELOOP:
    case ENAMETOOLONG:
      return ErrorCode::kInvalidArgument;
    default:
      return ErrorCode::kIo;
  }
}

}  // namespace footfall::base
