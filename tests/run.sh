#!/usr/bin/env bash
# bash tests/run.sh          builds with warnings as errors, checks the layout of the code, runs every test
# bash tests/run.sh --unit   builds and runs the unit tests alone: no browser, no HTTP
# Both end with "N passed, N failed". Needs the .NET 10 SDK; installs by itself (Debian, Ubuntu) what the tests need beyond it, after saying what
# that is. EXPLAIN_NO_INSTALL=1 installs nothing.
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

stop() {
  echo "$1"
  echo "0 passed, 1 failed"
  exit 1
}

unit=false
case "${1:-}" in
  "") ;;
  --unit) unit=true ;;
  *) stop "usage: bash tests/run.sh [--unit]" ;;
esac

# Not every PATH has ldconfig's folder; and grep -q, which stops reading at the first match, would have ldconfig killed by SIGPIPE, a failure
# under pipefail.
has_icu() { PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null | grep libicuuc >/dev/null; }

# CHROMIUM, else what is there. (Ubuntu's package only points to a snap, which has no use for a root without snapd; so a candidate must be able
# to say its version.)
browser() {
  local name path
  [ -z "${CHROMIUM:-}" ] || { echo "$CHROMIUM"; return; }
  for name in chromium google-chrome google-chrome-stable chromium-browser; do
    path="$(command -v "$name")" && "$path" --version >/dev/null 2>&1 && echo "$path" && return
  done
}

has_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }

has_node() { command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1; }

# A python3 of somebody's own need not have Debian's packages.
has_httpx() {
  local python
  for python in /usr/bin/python3 python3; do
    "$python" -c 'import httpx' >/dev/null 2>&1 && return
  done
  return 1
}

# What is missing, as Debian names it: Unicode normalisation and word segmentation need ICU (its package has its version in its name), the
# explorer's tests drive a real browser, jobs are kept in PostgreSQL too, the client in TypeScript is compiled by npm's
# packages, the one in Python asks by httpx.
missing() {
  has_icu || echo '^libicu[0-9]*$'
  $unit && return
  [ -n "$(browser)" ] || echo chromium
  has_postgres || echo postgresql
  [ ! -f clients/package.json ] || has_node || echo nodejs npm
  [ ! -f clients/package.json ] || has_httpx || echo python3 python3-httpx
}

packages="$(missing | tr '\n' ' ')"
if [ -n "$packages" ]; then
  sudo=""
  [ "$(id -u)" -eq 0 ] || sudo="sudo "
  command -v apt-get >/dev/null 2>&1 || stop "missing (by their names in Debian): ${packages% }; install them and run this again"
  [ -z "${EXPLAIN_NO_INSTALL:-}" ] || stop "missing: ${packages% }; install them, or let this script do it (without EXPLAIN_NO_INSTALL)"
  echo "Installing what is missing: ${sudo}apt-get install -y ${packages% } (with EXPLAIN_NO_INSTALL=1 this stops here instead)"
  read -ra wanted <<<"$packages"
  { ${sudo}apt-get update -qq && ${sudo}env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${wanted[@]}"; } >/dev/null
fi
has_icu || stop "libicu could not be installed"
if ! $unit; then
  CHROMIUM="$(browser)"
  [ -x "$CHROMIUM" ] || stop "there is no browser${CHROMIUM:+ at $CHROMIUM}: install Chromium or Google Chrome, or name one by the variable CHROMIUM"
  export CHROMIUM
fi

command -v dotnet >/dev/null 2>&1 || stop "dotnet is missing: install the .NET 10 SDK"
log="$(mktemp)"
failures="$(mktemp)"
trap 'rm -f "$log" "$failures"' EXIT
notes=()
passed=0
failed=0

# What a check that is silent when all is well printed otherwise.
quietly() { "$@" >"$log" 2>&1 || { cat "$log"; return 1; }; }

# A package source that serves no tools is no reason to run no tests.
check_layout() {
  if quietly dotnet tool restore; then
    quietly dotnet csharpier check src tests || stop "the layout differs: run dotnet csharpier format src tests"
  else
    notes+=("CSharpier could not be restored: the layout of the code was not checked")
  fi
}

# Runs the tests of a project that has been built. The runner's last line counts; a host that crashed leaves none, which is a failure of its own.
run_project() {
  local name code line wrong skipped
  name="$(basename "$1")"
  shift
  dotnet "tests/$name/bin/Release/net10.0/$name.dll" -noColor "$@" | tee "$log"
  code=${PIPESTATUS[0]}
  # What failed and how: its first lines say so, the trace stands above.
  grep -E -A 8 '\[FAIL\]' "$log" | grep -vE '^--$|"@t":' | cut -c1-300 >>"$failures"
  line="$(grep -E "Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+" "$log" | tail -n 1)"
  number() { echo "$line" | grep -oE "$1: [0-9]+" | grep -oE "[0-9]+"; }
  if [ -z "$line" ]; then
    echo "$name: the test host failed (exit code $code)" | tee -a "$failures"
    failed=$((failed + 1))
    return
  fi
  wrong=$(($(number Errors) + $(number Failed)))
  skipped=$(number Skipped)
  passed=$((passed + $(number Total) - $(number Failed) - skipped))
  [ "$skipped" -eq 0 ] || notes+=("$name: $skipped skipped")
  if [ "$code" -ne 0 ] && [ "$wrong" -eq 0 ]; then
    echo "$name: the test host ended with exit code $code" | tee -a "$failures"
    wrong=1
  fi
  failed=$((failed + wrong))
}

# A client written against openapi/openapi.json; Node's test runner counts ("# pass 3", or "ℹ pass 3" in its newer layout).
run_clients() {
  local code right wrong
  (cd clients && npm ci --no-audit --no-fund && npm test) 2>&1 | tee "$log"
  code=${PIPESTATUS[0]}
  count() { grep -oE "^(#|ℹ) $1 [0-9]+" "$log" | grep -oE "[0-9]+$" | awk '{ n += $1 } END { print n + 0 }'; }
  right=$(count pass)
  wrong=$(($(count fail) + $(count cancelled)))
  if [ "$wrong" -eq 0 ] && { [ "$code" -ne 0 ] || [ "$right" -eq 0 ]; }; then wrong=1; fi
  [ "$wrong" -eq 0 ] || echo "clients: $wrong failed (exit code $code)" >>"$failures"
  passed=$((passed + right))
  failed=$((failed + wrong))
}

if $unit; then
  dotnet restore tests/ExplainService.Tests --locked-mode -v quiet || stop "restore failed"
  dotnet build tests/ExplainService.Tests -c Release --no-restore -v quiet -clp:NoSummary || stop "the build failed (warnings are errors)"
  check_layout
  run_project tests/ExplainService.Tests -trait- "Speed=slow"
  notes+=("The unit tests alone: bash tests/run.sh also checks the style of the code and tests the service and the explorer")
else
  dotnet restore ExplainService.sln --locked-mode -v quiet || stop "restore failed"
  dotnet build ExplainService.sln -c Release --no-restore -v quiet -clp:NoSummary || stop "the build failed (warnings are errors)"
  check_layout
  dotnet format style ExplainService.sln --no-restore --verify-no-changes --severity warn || stop "code style differs: run dotnet format"
  for project in tests/ExplainService.Tests tests/ExplainService.Api.Tests tests/ExplainService.Explorer.Tests; do
    run_project "$project"
  done
  [ ! -f clients/package.json ] || run_clients
fi

[ ! -s "$failures" ] || { echo "What failed:"; cat "$failures"; }
[ ${#notes[@]} -eq 0 ] || printf '%s\n' "${notes[@]}"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
