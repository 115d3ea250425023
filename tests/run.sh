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

# Unicode normalisation and word segmentation need ICU.
if ! ldconfig -p 2>/dev/null | grep -q libicuuc; then
  if command -v apt-get >/dev/null 2>&1; then
    SUDO=""; [ "$(id -u)" -eq 0 ] || SUDO="sudo"
    $SUDO apt-get update -qq >/dev/null && $SUDO apt-get install -y -qq libicu-dev >/dev/null || stop "libicu could not be installed"
  else
    stop "libicu is missing: install your system's ICU package"
  fi
fi

dotnet restore ExplainService.sln -v quiet || stop "restore failed"
dotnet build ExplainService.sln -c Release --no-restore -v quiet -clp:NoSummary || stop "the build failed (warnings are errors)"
dotnet format ExplainService.sln --no-restore --verify-no-changes --severity warn || stop "formatting differs: run dotnet format"

results="$(mktemp -d)"
trap 'rm -rf "$results"' EXIT
crashed=0
for project in tests/ExplainService.Tests tests/ExplainService.Api.Tests; do
  name="$(basename "$project")"
  dotnet test "$project" -c Release --no-build --logger "trx;LogFileName=$name.trx" --results-directory "$results" -v quiet
  code=$?
  # A host that crashed leaves no results, or results that hide what did not run.
  if [ ! -f "$results/$name.trx" ] || { [ $code -ne 0 ] && ! grep -q 'outcome="Failed"' "$results/$name.trx"; }; then
    crashed=$((crashed + 1))
    echo "$name: the test host failed (exit code $code)"
  fi
done

count() { { cat "$results"/*.trx 2>/dev/null | grep -o "<Counters [^>]*" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' || true; } | awk '{ n += $1 } END { print n + 0 }'; }
passed=$(count passed)
failed=$(( $(count failed) + $(count error) + $(count timeout) + $(count aborted) + crashed ))
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
