# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# CIFAR-10 for the recipes that include this file. The images are not part of the repository.

images_url=https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz
images_sha256=c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd

# checked FILE SHA256: fails when the file is another one.
checked() {
  echo "$2  $1" | sha256sum --check --quiet --strict - >&2 || {
    echo "${0##*/}: error: $1 is not the file that this recipe was written for; remove it and start again" >&2
    return 1
  }
}

# downloaded URL FILE SHA256: the file appears only when it is complete and right.
downloaded() {
  mkdir -p "$(dirname "$2")"
  curl --fail --location --silent --show-error --output "$2.partial" "$1" || {
    echo "${0##*/}: error: cannot download $1; without a network set SQUEEZEBAR_DATA to a folder that has it" >&2
    return 1
  }
  checked "$2.partial" "$3"
  mv "$2.partial" "$2"
}

# downloaded_images FOLDER: the images are in FOLDER/cifar10 afterwards.
downloaded_images() {
  [[ ! -d $1/cifar10 ]] || return 0
  downloaded "$images_url" "$1/cifar-10-binary.tar.gz" "$images_sha256"
  tar -xzf "$1/cifar-10-binary.tar.gz" -C "$1"
  mv "$1/cifar-10-batches-bin" "$1/cifar10"
  rm "$1/cifar-10-binary.tar.gz"
}
