//go:build !race

package text

const everyRune = 1
