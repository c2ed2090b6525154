# Completion of jobmap and jobmapd in bash, from what their --help says.
_jobmap_options() { "$@" --help 2>/dev/null | grep -oE -- '--[a-z][a-z-]*' | sort -u; }
_jobmap() {
  local word=${COMP_WORDS[COMP_CWORD]} words
  if [[ $1 == *jobmapd ]]; then
    words=$(_jobmap_options "$1")
  elif [ "$COMP_CWORD" -eq 1 ]; then
    words=$("$1" --help 2>/dev/null | awk '$1 == "jobmap" && $2 ~ /^[a-z-]+$/ {print $2}')
  else
    words=$(_jobmap_options "$1" "${COMP_WORDS[1]}")
  fi
  if [[ $word == -* || ($COMP_CWORD -eq 1 && $1 != *jobmapd) ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}
complete -o filenames -F _jobmap jobmap jobmapd
