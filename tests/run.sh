#!/usr/bin/env bash
# Restores, builds with warnings as errors, checks formatting, runs every test, and ends with "N passed, N failed".
# Needs the .NET 10 SDK; installs by itself (Debian, Ubuntu) what the tests need beyond it.
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

stop() {
  echo "$1"
  echo "0 passed, 1 failed"
  exit 1
}

# Unicode normalisation and word segmentation need ICU. Not every PATH has ldconfig's folder; and grep -q, which stops reading at the first
# match, would have ldconfig killed by SIGPIPE, a failure under pipefail.
if ! PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null | grep libicuuc >/dev/null; then
  if command -v apt-get >/dev/null 2>&1; then
    SUDO=""; [ "$(id -u)" -eq 0 ] || SUDO="sudo"
    $SUDO apt-get update -qq >/dev/null && $SUDO apt-get install -y -qq '^libicu[0-9]*$' >/dev/null || stop "libicu could not be installed"
  else
    stop "libicu is missing: install your system's ICU package"
  fi
fi

# The explorer's tests drive a real browser: CHROMIUM, else what is there, else Debian's. (Ubuntu's package only points to a snap, which
# has no use for a root without snapd; so a candidate must be able to say its version.)
browser() {
  local name path
  for name in chromium google-chrome google-chrome-stable chromium-browser; do
    path="$(command -v "$name")" && "$path" --version >/dev/null 2>&1 && echo "$path" && return
  done
}
if [ -z "${CHROMIUM:-}" ]; then
  CHROMIUM="$(browser)"
  if [ -z "$CHROMIUM" ] && command -v apt-get >/dev/null 2>&1; then
    SUDO=""; [ "$(id -u)" -eq 0 ] || SUDO="sudo"
    $SUDO apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive $SUDO apt-get install -y -qq chromium >/dev/null
    CHROMIUM="$(browser)"
  fi
fi
[ -x "$CHROMIUM" ] || stop "there is no browser${CHROMIUM:+ at $CHROMIUM}: install Chromium or Google Chrome, or name one by the variable CHROMIUM"
export CHROMIUM

dotnet restore ExplainService.sln -v quiet || stop "restore failed"
dotnet build ExplainService.sln -c Release --no-restore -v quiet -clp:NoSummary || stop "the build failed (warnings are errors)"
# A package source that serves no tools is no reason to run no tests; whoever reads the log sees that the layout was not checked.
if dotnet tool restore >/dev/null; then
  dotnet csharpier check src tests >/dev/null || stop "formatting differs: run dotnet csharpier format src tests"
else
  echo "CSharpier could not be restored: the layout of the code was not checked"
fi
dotnet format style ExplainService.sln --no-restore --verify-no-changes --severity warn || stop "code style differs: run dotnet format"

log="$(mktemp)"
trap 'rm -f "$log"' EXIT
passed=0
failed=0
for project in tests/ExplainService.Tests tests/ExplainService.Api.Tests tests/ExplainService.Explorer.Tests; do
  name="$(basename "$project")"
  dotnet "$project/bin/Release/net10.0/$name.dll" -noColor | tee "$log"
  code=${PIPESTATUS[0]}
  # The runner's last line counts; a host that crashed leaves none, which is a failure of its own.
  line="$(grep -E "Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+" "$log" | tail -n 1)"
  number() { echo "$line" | grep -oE "$1: [0-9]+" | grep -oE "[0-9]+"; }
  if [ -z "$line" ]; then
    echo "$name: the test host failed (exit code $code)"
    failed=$((failed + 1))
    continue
  fi
  wrong=$(( $(number Errors) + $(number Failed) ))
  passed=$(( passed + $(number Total) - $(number Failed) - $(number Skipped) ))
  if [ "$code" -ne 0 ] && [ "$wrong" -eq 0 ]; then wrong=1; fi
  failed=$((failed + wrong))
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
