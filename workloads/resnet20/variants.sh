# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The steps from a float ResNet-20 to its bundles, shared by the recipes that include this file. An output that is there
# is not made again, and interrupted training goes on: a recipe that is killed is simply started again.

prune=("${PYTHON:-/usr/bin/python3}" -m prune)
threads=${THREADS:-2} # the weights depend on it: sums are taken in another order
training=(--batch-size 128 --optimiser sgd --augment crop_flip --layout channels_last --threads "$threads")
admm=(--method admm --scheme s_window --window 3 --epochs 12 --learning-rate 0.01 "${training[@]}")

# retrained SOURCE NAME OPTION...: the checkpoint NAME-float, pruned or fine-tuned from the checkpoint SOURCE.
retrained() {
  [[ -d $2-float ]] || "${prune[@]}" prune "$1" "${@:3}" --resume -o "$2-float"
}

# bundle CHECKPOINT NAME TARGET SAMPLES OPTION...: the bundle TARGET/NAME, quantised with OPTIONs, and its training log.
bundle() {
  [[ -d $2-int ]] || "${prune[@]}" quantise "$1" "${@:5}" -o "$2-int"
  "${prune[@]}" export "$2-int" --name "resnet20-$2" --samples "$4" --force -o "$3/$2"
  "${prune[@]}" verify "$3/$2"
  mkdir -p "$3/logs"
  cp "$1/log.csv" "$3/logs/$2.csv"
}

# make_quantised TARGET SAMPLES: the bundles dense and s3 from the checkpoint `float` in the working folder.
make_quantised() {
  bundle float dense "$1" "$2" --scheme uniform
  retrained float s3 "${admm[@]}"
  bundle s3-float s3 "$1" "$2" --scheme s_window --window 3
}

# make_sparse TARGET SAMPLES: s3-rows and p40-s3 from the same checkpoint.
make_sparse() {
  retrained float s3-rows "${admm[@]}" --row-aware 2 --row-aware-rows 8 --row-aware-cap 0.02
  bundle s3-rows-float s3-rows "$1" "$2" --scheme s_window --window 3
  retrained float p40 --method block --sparsity 0.4 --scope layer --epochs 12 --learning-rate 0.02 "${training[@]}"
  retrained p40-float p40-s3 "${admm[@]}"
  bundle p40-s3-float p40-s3 "$1" "$2" --scheme s_window --window 3
}
