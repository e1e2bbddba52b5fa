// How foliot-worker ends when it is not by a signal. The reason is on standard error, one line.
#pragma once

namespace foliot::worker {

enum ExitCode : int {
    kDone = 0,            ///< QUIT, or the module has been described
    kUsage = 64,          ///< wrong arguments or descriptors
    kLoadError = 65,      ///< the dynamic linker refused the file
    kNoEntry = 66,        ///< no symbol foliot_module_v1
    kEntryNull = 67,      ///< the entry returned null: the module needs a newer host
    kEntryThrew = 68,     ///< an exception came out of the entry
    kBadDescriptor = 69,  ///< null or impossible fields, metadata that is no JSON object, or too much of it
    kServerGone = 70,     ///< its orders have ended
    kProtocolError = 71,  ///< the server sent what nobody may send
    kChannelBroken = 72,  ///< a channel to the server failed; job code may have closed it
    kInitFailed = 73,     ///< init did not return FOLIOT_OK
    kAbiTooNew = 74,      ///< descriptor: needs a later minor version or another major
    kInternal = 75,       ///< anything else
};

}  // namespace foliot::worker
