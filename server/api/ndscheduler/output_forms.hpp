// What an execution wrote in the forms that clients may ask for.
#pragma once

#include "api/http/operation.hpp"
#include "api/http/router.hpp"
#include "domain/output.hpp"

#include <optional>
#include <string>
#include <vector>

namespace foliot::api::ndscheduler {

/// text: for people and terminals; json: every piece with its time and stream; raw: the bytes of one stream.
enum class OutputForm { text, json, raw };

struct OutputQuery {
    OutputForm form = OutputForm::text;
    bool follow = false;
    std::optional<Stream> stream{};  ///< only this
};
/// `Accept: application/json` asks for JSON where no format is given. Throws RequestError.
OutputQuery output_query(const Request& request);
std::vector<QueryParameter> output_query_parameters();

/// Of what is followed: JSON is a line for each piece then.
std::string content_type_of(const OutputQuery& query);
std::vector<Answer> output_answers();

/// Writes one piece after the other; remembers what it must of those before.
class OutputWriter final {
  public:
    explicit OutputWriter(const OutputQuery& query) : query_(query) {}
    void write(const OutputChunk& chunk, std::string& out);

  private:
    void write_text(const OutputChunk& chunk, std::string& out);

    OutputQuery query_;
    Stream last_ = Stream::log;
    bool in_line_ = false;  ///< the last piece did not end its line
};

/// All of it at once.
std::string output_body(const std::vector<OutputChunk>& chunks, const OutputQuery& query);

}  // namespace foliot::api::ndscheduler
