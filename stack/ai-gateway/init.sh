#!/bin/sh
# Looks at what the gateway needs, creates what is missing and says it in plain lines.
#
#   /app/init.sh [--config FILE]
#
# Safe to run at any time, also beside the running gateway: it never overwrites a file.
# Exit code: 0 = ready, 1 = the gateway cannot work like this, 2 = called wrongly.
set -u

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
config="$here/config.json"
while [ $# -gt 0 ]; do
  case "$1" in
    --config) [ $# -ge 2 ] || { echo "init: --config needs a file name" >&2; exit 2; }
      config=$2; shift 2 ;;
    --config=*) config=${1#--config=}; shift ;;
    -h | --help) echo "usage: init.sh [--config FILE]"; exit 0 ;;
    *) echo "init: unknown option $1 (usage: init.sh [--config FILE])" >&2; exit 2 ;;
  esac
done

data=${DATA_DIR:-$here/data}
failed=0
ok() { printf 'ok    %s\n' "$*"; }
made() { printf 'made  %s\n' "$*"; }
warn() { printf 'warn  %s\n' "$*"; }
fail() { printf 'FAIL  %s\n' "$*"; failed=1; }

echo "Skilldeck AI gateway: checking $data with $config"

# 1. Folders. Each is made only when it is missing.
for name in skills models config; do
  dir=$data/$name
  if [ -d "$dir" ]; then
    if [ -w "$dir" ]; then ok "folder $dir"
    elif [ -r "$dir" ]; then warn "folder $dir can be read but not written by uid $(id -u)"
    else fail "folder $dir cannot be read by uid $(id -u); set SKILLDECK_UID to its owner ($(stat -c %u "$dir"))"
    fi
  elif mkdir -p "$dir" 2>/dev/null; then made "folder $dir"
  else fail "folder $dir is missing and uid $(id -u) may not create it; set SKILLDECK_UID to the owner of the data folder"
  fi
done

# 2. Configuration: the one baked into the image is the first version.
default=$here/config.default.json
[ -f "$default" ] || default=
if [ ! -e "$config" ] && [ -n "$default" ]; then
  # The name may be a link whose target does not exist yet.
  target=$(readlink -m -- "$config")
  if cp -- "$default" "$target.$$" 2>/dev/null && mv -- "$target.$$" "$target" 2>/dev/null; then
    made "configuration $config from the defaults"
  else
    rm -f -- "$target.$$" 2>/dev/null
    warn "no configuration at $config and none could be written; the gateway runs on its defaults"
  fi
fi
if [ -e "$config" ]; then
  if out=$(cd "$here" && node dist/server.js --check --config "$config" 2>&1); then ok "configuration is valid"
  else fail "configuration: $out"
  fi
fi

# 3. Skills and models.
skills=0
for file in "$data"/skills/*/SKILL.md; do [ -f "$file" ] && skills=$((skills + 1)); done
if [ "$skills" -gt 0 ]; then ok "$skills skill(s) in $data/skills"; else warn "no skill in $data/skills yet"; fi

model=${MODEL_PATH:-models}
case "$model" in /*) ;; *) model=$data/$model ;; esac
if [ -f "$model" ]; then gguf=$model; else
  gguf=
  for file in "$model"/*.gguf; do [ -f "$file" ] && { gguf=$file; break; }; done
fi
if [ -z "$gguf" ]; then warn "no model file at $model; answers come only from an OpenAI-compatible backend, if one is configured"
elif [ "$(head -c 4 -- "$gguf" 2>/dev/null)" = GGUF ]; then ok "model $gguf ($(du -k -- "$gguf" | cut -f1) KiB)"
else fail "model $gguf is not a GGUF file"
fi

if [ "$failed" -eq 0 ]; then echo "ready"; else echo "not ready: see the lines marked FAIL" >&2; fi
exit "$failed"
