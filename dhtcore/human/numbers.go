package human

import (
	"strconv"
	"time"
)

// Plural picks the word for one or for many.
func Plural[N int | int64 | uint64](n N, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// Amount writes a number with its noun: 1 node, 2,345 nodes.
func Amount[N int | int64 | uint64](n N, one, many string) string {
	return Count(n) + " " + Plural(n, one, many)
}

// Bytes writes a size: 12,408 B, 3.9 GB.
func Bytes(n int64) string {
	var buf [32]byte
	b := AppendCount(buf[:0], uint64(max(n, 0)))
	if n < 1e6 {
		b = append(b, ' ')
	}
	return string(append(b, 'B'))
}

// BinarySize writes a size that is a power of two, as the lengths of pieces are: 256 KiB, 4 MiB.
func BinarySize(n int64) string {
	units := [...]string{" B", " KiB", " MiB", " GiB"}
	i := 0
	for n >= 1024 && n%1024 == 0 && i < len(units)-1 {
		n /= 1024
		i++
	}
	return strconv.FormatInt(max(n, 0), 10) + units[i]
}

// Percent writes a share of 1 as a whole number of percent: 85 %.
func Percent(share float64) string {
	return strconv.FormatInt(int64(share*100+0.5), 10) + " %"
}

// Decimal writes a number with one decimal.
func Decimal(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }

// Ratio writes a small number with two decimals, and a larger one with fewer.
func Ratio(f float64) string {
	if f < 9.995 {
		return strconv.FormatFloat(f, 'f', 2, 64)
	}
	return Rate(f)
}

// Rounded writes a rate as a whole number of things.
func Rounded(f float64) string { return Count(int(f + 0.5)) }

// Ago writes how long ago something was: just now, 3 s ago, 12 m ago.
func Ago(d time.Duration) string {
	if d < time.Second {
		return "just now"
	}
	var buf [24]byte
	return string(append(AppendAge(buf[:0], d), " ago"...))
}

// AppendLong writes a time that is long enough to plan by, in two units: 3 h 10 m, 2 d 4 h; else as Age.
func AppendLong(dst []byte, d time.Duration) []byte {
	unit, part, name := time.Hour, time.Minute, " m"
	if d >= 48*time.Hour {
		unit, part, name = 24*time.Hour, time.Hour, " h"
	}
	dst = AppendAge(dst, d)
	if d < unit {
		return dst
	}
	return append(strconv.AppendInt(append(dst, ' '), int64(d%unit/part), 10), name...)
}
