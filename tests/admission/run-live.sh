#!/usr/bin/env bash
# Sends every admission case (tests/constructs/admission/cases) to a cluster where the platform is deployed, and prints a table.
#
#   tests/admission/run-live.sh KUBECONFIG [PATTERN]
#
# KUBECONFIG  a kubeconfig of an administrator who may impersonate and may create roles, such as the one from Linode.
# PATTERN     a regular expression; only cases whose name (policy/case) matches it are sent.
#
# Every case is a dry run. What a case needs is created before it and deleted after it: the object in NAME.before.yaml, or the
# object that a delete case names. Objects that exist already stay as they are. So that roles refuse nothing before a policy is
# asked, each request also has the group "admission-replay", which has all rights while this script runs. Only an administrator
# can be in this group, by impersonation. A run that was killed leaves these rights, and maybe objects, which have the annotation
# "admission-replay". The next run removes them first. So run it once at a time on a cluster.
#
# Exit code: 0 if every case has the outcome in its name, 1 if not, 2 for a wrong call.
set -euo pipefail

if [[ $# -lt 1 || $# -gt 2 || ! -r $1 ]]; then
  echo "Usage: tests/admission/run-live.sh KUBECONFIG [PATTERN]; given: ${*:-nothing}. KUBECONFIG must be a readable file." >&2
  exit 2
fi
KUBECONFIG=$(realpath "$1")
export KUBECONFIG
pattern=${2:-.}
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

group=admission-replay
work=$(mktemp -d)
made=()

remove() {
  for file in "${made[@]}"; do
    kubectl delete --ignore-not-found --wait=false -f "$file" >/dev/null || echo "Not deleted: $file. Delete it by hand." >&2
  done
  made=()
}
cleanup() {
  remove
  kubectl delete --ignore-not-found clusterrolebinding "$group" >/dev/null
  kubectl delete --ignore-not-found clusterrole "$group" >/dev/null
  rm -r "$work"
}
trap cleanup EXIT

files() { find tests/constructs/admission/cases -name '*.yaml' "$@" | LC_ALL=C sort; }

# The file of the object that a case needs; nothing if it needs none.
needed_by() {
  if [[ -e ${1%.yaml}.before.yaml ]]; then
    echo "${1%.yaml}.before.yaml"
  elif grep -q '^# kubectl delete ' "$1"; then
    echo "$1"
  fi
}

# The rights exist from before the first object until after the last one.
if kubectl get clusterrole "$group" >/dev/null 2>&1; then
  echo "A former run did not end: what it left is removed first." >&2
  while IFS= read -r file; do
    needed=$(needed_by "$file")
    [[ -n $needed ]] || continue
    mark=$(kubectl get --ignore-not-found -f "$needed" --output="jsonpath={.metadata.annotations.$group}" 2>/dev/null || true)
    [[ $mark != made ]] || kubectl delete --ignore-not-found --wait=false -f "$needed" >/dev/null
  done < <(files ! -name '*.before.yaml')
  kubectl delete --ignore-not-found clusterrolebinding "$group" >/dev/null
  kubectl delete --ignore-not-found clusterrole "$group" >/dev/null
fi

kubectl create -f - >/dev/null <<ROLE
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: $group
rules:
  - apiGroups: ["*"]
    resources: ["*"]
    verbs: ["*"]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: $group
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: $group
subjects:
  - apiGroup: rbac.authorization.k8s.io
    kind: Group
    name: $group
ROLE

# Creates the object of a file unless it exists.
need() {
  kubectl get -f "$1" >"$work/got" 2>&1 && return
  kubectl annotate --local -f "$1" "$group=made" --output=yaml >"$work/object" 2>"$work/got" || return
  kubectl create -f "$work/object" >"$work/got" 2>&1 && made+=("$1")
}

# The command of a case with the group of this script. A service account keeps its own groups.
command_of() {
  local command user groups
  command=$(sed -n 's/^# \(kubectl .*\)/\1/p' "$1")
  user=$(sed -n 's/.*--as=\([^ ]*\).*/\1/p' <<<"$command")
  groups="--as-group=$group"
  if [[ $command != *--as-group=* && $user == system:serviceaccount:* ]]; then
    groups+=" --as-group=system:serviceaccounts --as-group=system:serviceaccounts:$(cut -d: -f3 <<<"$user")"
  fi
  [[ -z $user ]] || command=${command/--as=$user/--as=$user $groups}
  echo "$command"
}

line='%-24s %-52s %-9s %-9s %s\n'
# shellcheck disable=SC2059
printf "$line" POLICY CASE PROMISED GOT BY
total=0 wrong=0 skipped=0
while IFS= read -r file; do
  name=$(basename "$file" .yaml)
  policy=$(basename "$(dirname "$file")")
  [[ $policy/$name =~ $pattern ]] || continue
  promised=${name%%-*}
  command=$(command_of "$file")
  got='' by=''
  needed=$(needed_by "$file")
  [[ -z $needed ]] || need "$needed" || got=error
  if [[ -z $got ]]; then
    code=0
    bash -c "set -o pipefail; $command" >"$work/got" 2>&1 || code=$?
    by=$(sed -n "s/.*ValidatingAdmissionPolicy '\([^']*\)'.*/\1/p" "$work/got" | sort -u | paste -sd,)
    if ((code != 0)); then
      [[ -n $by ]] && got=refused || got=error
    else
      [[ -n $by ]] && got=noted || got=accepted
    fi
  fi
  # A server drops a field whose feature is off before a policy sees it.
  field=$(sed -n 's/^# needs field: //p' "$file")
  if [[ -n $field && $got == accepted && -z $(bash -c "$command --output=jsonpath='{$field}'" 2>/dev/null) ]]; then
    got=skipped by="this server drops $field"
    skipped=$((skipped + 1))
  elif [[ $got != "$promised" || ($promised != accepted && ,$by, != *,$policy,*) ]]; then
    wrong=$((wrong + 1))
    [[ $got == error ]] && by=$(paste -sd' ' "$work/got")
    by="<-- $by"
  fi
  total=$((total + 1))
  # shellcheck disable=SC2059
  printf "$line" "$policy" "$name" "$promised" "$got" "$by"
  remove
done < <(files ! -name '*.before.yaml')

echo "$total cases: $((total - wrong - skipped)) as promised, $wrong not, $skipped skipped"
((wrong == 0))
