#include "service/secret_arguments.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "domain/sealed.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>

namespace foliot::service {
namespace {

using json::Kind;
using json::Value;
using module::Param;

/// What stands at one place of the arguments; `param` is null where the function says nothing of it.
using Replace = std::function<std::optional<std::string>(const Param* param, const std::string& name, const Value&)>;

RequestError bad(const std::string& name, const std::string& reason) {
    return {Problem::invalid, "argument '" + name + "': " + reason, name};
}

std::optional<Value> parsed(const std::string& text, Kind kind) {
    try {
        Value value = json::parse(text);
        if (value.is(kind)) return value;
    } catch (const json::SyntaxError&) {
        return std::nullopt;  // check_arguments() says it
    }
    return std::nullopt;
}

const Param* param_named(const module::Function& function, std::string_view name) {
    const auto at = std::find_if(function.params.begin(), function.params.end(),
                                 [&](const Param& param) { return param.name == name; });
    return at == function.params.end() ? nullptr : &*at;
}

std::string replaced_args(const module::Function& function, const std::string& text, const Replace& replace) {
    const auto list = parsed(text, Kind::array);
    if (!list) return text;
    json::Writer out;
    out.begin_array();
    bool changed = false;
    for (std::size_t i = 0; i < list->items.size(); ++i) {
        const Param* param = i < function.params.size() ? &function.params[i] : nullptr;
        const std::string name = param != nullptr ? param->name : "args[" + std::to_string(i) + "]";
        const auto other = replace(param, name, list->items[i]);
        out.raw(other ? *other : list->items[i].raw);
        changed = changed || other;
    }
    return changed ? out.end_array().take() : text;
}

std::string replaced_kwargs(const module::Function& function, const std::string& text, const Replace& replace) {
    const auto object = parsed(text, Kind::object);
    if (!object) return text;
    json::Writer out;
    out.begin_object();
    bool changed = false;
    for (const auto& [name, value] : object->members) {
        const auto other = replace(param_named(function, name), name, value);
        out.raw_field(name, other ? *other : value.raw);
        changed = changed || other;
    }
    return changed ? out.end_object().take() : text;
}

void replace_all(const module::Function& function, Definition& in, const Replace& replace) {
    in.args = replaced_args(function, in.args, replace);
    in.kwargs = replaced_kwargs(function, in.kwargs, replace);
}

std::string canonical(const std::string& text) { return json::sorted_ascii(json::parse(text)); }

bool calls_the_same(const Definition& a, const Definition& b) {
    return a.func == b.func && canonical(a.args) == canonical(b.args) && canonical(a.kwargs) == canonical(b.kwargs);
}

class Sealing {
  public:
    Sealing(const Vault& vault, const Principal& who, const module::Function& function, const Definition* present)
        : vault_(vault), who_(who), function_(function), present_(present) {}

    /// In the caller's own words.
    std::optional<std::string> put_back(const Param* param, const std::string& name, const Value& value) const {
        if (is_sealed(value)) throw bad(name, "an object with \"$secret\" is kept for secrets: give the value itself");
        if (param == nullptr || !param->secret || !is_masked(value)) return std::nullopt;
        if (auto there = present_value(*param)) return there;
        throw bad(name, "*** stands for the secret that is there, and there is none: give the value itself");
    }

    void check_kept(Definition& wished) const {
        if (present_ == nullptr || (!has_sealed(wished.args) && !has_sealed(wished.kwargs))) return;
        const bool same = calls_the_same(wished, *present_);
        replace_all(function_, wished, [&](const Param* param, const std::string& name, const Value& value) {
            if (is_sealed(value)) check_one(param, name, value, same);
            return std::optional<std::string>();
        });
    }

    std::optional<std::string> seal(const Param* param, const Value& value) const {
        if (param == nullptr || !param->secret || value.is(Kind::null) || is_sealed(value)) return std::nullopt;
        if (auto there = present_value(*param); there && is_the_same(*there, value)) return there;
        return vault_.seal(who_.account, value.raw);
    }

  private:
    void check_one(const Param* param, const std::string& name, const Value& value, bool same) const {
        const bool may = Vault::may_read(who_, value.raw);
        if (!same && !may) {
            throw RequestError(Problem::forbidden,
                               "argument '" + name +
                                   "' is a secret of another user, which would be used otherwise than " +
                                   "they wished: give it anew, or leave the function and its arguments as they are",
                               name);
        }
        if (param == nullptr || !param->secret)
            throw bad(name, "is a secret, and " + function_.name + " takes none here");
    }

    /// Sealed, as JSON.
    std::optional<std::string> present_value(const Param& param) const {
        if (present_ == nullptr) return std::nullopt;
        const auto index = static_cast<std::size_t>(&param - function_.params.data());
        const Value args = json::parse(present_->args);
        if (index < args.items.size() && is_sealed(args.items[index])) return std::string(args.items[index].raw);
        const Value kwargs = json::parse(present_->kwargs);
        const Value* named = kwargs.find(param.name);
        if (named != nullptr && is_sealed(*named)) return std::string(named->raw);
        return std::nullopt;
    }

    /// Who may not read it is not told either whether it is.
    bool is_the_same(const std::string& sealed, const Value& value) const {
        if (!Vault::may_read(who_, sealed)) return false;
        try {
            return vault_.open(sealed) == value.raw;
        } catch (const std::runtime_error&) {
            return false;  // it cannot be opened any more, which is mended so
        }
    }

    const Vault& vault_;
    const Principal& who_;
    const module::Function& function_;
    const Definition* present_;
};

}  // namespace

void seal_arguments(const Vault& vault, const Principal& who, const module::Function& function, const WishedCall& call,
                    Definition& wished) {
    const Sealing sealing(vault, who, function, call.present);
    const Replace put_back = [&](const Param* param, const std::string& name, const Value& value) {
        return sealing.put_back(param, name, value);
    };
    if (call.args_given) wished.args = replaced_args(function, wished.args, put_back);
    if (call.kwargs_given) wished.kwargs = replaced_kwargs(function, wished.kwargs, put_back);
    sealing.check_kept(wished);
    module::check_arguments(function, wished.args, wished.kwargs);
    replace_all(function, wished,
                [&](const Param* param, const std::string&, const Value& value) { return sealing.seal(param, value); });
}

}  // namespace foliot::service
