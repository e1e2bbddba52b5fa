// The body of an answer that goes on while there is something to tell.
#pragma once

#include <string>

namespace foliot::api {

/// Used by the connection's thread alone, which ends it when its client leaves or may not see it any more, or when the
/// server stops.
class StreamedBody {
  public:
    virtual ~StreamedBody() = default;

    enum class Then {
        at_once,  ///< there is more
        on_news,  ///< when news() is readable
        later,    ///< in a while: nobody tells when there is more
        ended,
    };
    /// Appends what there is to tell; waits for nothing. Throws nothing but std::bad_alloc.
    virtual Then next(std::string& bytes) = 0;
    virtual int news() const { return -1; }               ///< a descriptor
    virtual std::string heartbeat() const { return {}; }  ///< sent now and then while there is nothing else
};

}  // namespace foliot::api
