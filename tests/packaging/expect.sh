# Small words for tests in bash. To be sourced.

# expect WANTED COMMAND...: the command says just that.
expect() {
    local wanted=$1 found
    shift
    found=$("$@" 2>&1) || true
    [ "$found" = "$wanted" ] && return
    echo "wanted '$wanted', found '$found': $*" >&2
    return 1
}

# wait_until SECONDS COMMAND...: asks again and again; the deadline is an error.
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        [ $SECONDS -lt $deadline ] || { echo "in time not: $*" >&2; return 1; }
        sleep 0.1
    done
}

# refused COMMAND...: it fails.
refused() {
    if "$@"; then
        echo "was not refused: $*" >&2
        return 1
    fi
}
