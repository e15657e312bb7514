# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The steps from a float ResNet-20 to its bundles, shared by the recipes that include this file. An output that is there
# is not made again, and interrupted training goes on: a recipe that is killed is simply started again.

prune=("${PYTHON:-/usr/bin/python3}" -m prune)
threads=${THREADS:-2} # the weights depend on it: sums are taken in another order
training=(--batch-size 128 --optimiser sgd --augment crop_flip --layout channels_last --threads "$threads")
admm=(--method admm --scheme s_window --window 3 --epochs 12 --learning-rate 0.01 "${training[@]}")
# D.U.B. for crossbars of 32 x 32: the stem stays as it is, and wider layers, which have more weights to spare, lose more.
dub_ratios=0.1,0.55,0.55,0.55,0.55,0.55,0.55,0.82,0.82,0.82,0.82,0.82,0.82,0.92,0.92,0.92,0.92,0.92,0.95
dub=(--method dub --tile 32 --lambda-var 0.0005 --lambda-mean 0.0003 --missing-columns ignored --regularise-epochs 10
  --mode ratio --ratios "$dub_ratios" --epochs 24 --learning-rate 0.05 --weight-decay 0.0005 "${training[@]}" --threads 1)

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

# make_dub TARGET SAMPLES: dub32 from the same checkpoint, on one thread whatever THREADS says.
make_dub() {
  retrained float dub32 "${dub[@]}"
  bundle dub32-float dub32 "$1" "$2" --scheme uniform
  "${prune[@]}" columns "$1/dub32" --tile 32
}
