//go:build !race

package dhtcore

const raceEnabled = false
