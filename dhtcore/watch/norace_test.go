//go:build !race

package watch

const histories = 1000
