// Package input is what people pass to commands: hashes in every form that they paste, as arguments and line by line on
// standard input; where an item is stored; the file of a key. The commands of ui/cli read with it. Hashes belongs to the
// goroutine that hands them out; another one of its own reads ahead.
package input
