// Package human writes numbers, rates and times for people: 12,408, 1.8 k, 4 h. The core uses it for its sentences,
// views and ui for the screen, so that all write a number alike. It holds no state; the Append forms do not allocate.
package human

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Count writes a number of things: 12,408 up to a million, then 1.2 M. Less than none is 0.
func Count[N int | int64 | uint32 | uint64](n N) string {
	var buf [24]byte
	return string(AppendCount(buf[:0], uint64(max(n, 0))))
}

// AppendCount is Count onto dst.
func AppendCount(dst []byte, n uint64) []byte {
	if n >= 1e6 {
		return appendShort(dst, float64(n))
	}
	if n >= 1000 {
		dst = strconv.AppendUint(dst, n/1000, 10)
		n %= 1000
		return append(dst, ',', byte('0'+n/100), byte('0'+n/10%10), byte('0'+n%10))
	}
	return strconv.AppendUint(dst, n, 10)
}

// Rate writes a number per second with at most three significant digits: 0.4, 61, 1.8 k.
func Rate(f float64) string {
	var buf [24]byte
	return string(AppendRate(buf[:0], f))
}

// AppendRate is Rate onto dst. A negative rate or NaN is written as 0.
func AppendRate(dst []byte, f float64) []byte {
	switch {
	case !(f >= 0.05):
		return append(dst, '0')
	case f < 9.95:
		return strconv.AppendFloat(dst, f, 'f', 1, 64)
	case f < 999.5:
		return strconv.AppendFloat(dst, f, 'f', 0, 64)
	default:
		return appendShort(dst, f)
	}
}

// appendShort writes f, at least 999.5, with a decimal prefix and at most three digits.
func appendShort(dst []byte, f float64) []byte {
	const units = "kMGTPE"
	i := 0
	for f /= 1000; f >= 999.5 && i < len(units)-1; i++ {
		f /= 1000
	}
	decimals := 0
	if f < 99.95 {
		decimals = 1
	}
	return append(strconv.AppendFloat(dst, f, 'f', decimals, 64), ' ', units[i])
}

// Age writes how long ago something was: now, 3 s, 12 m, 4 h, 2 d.
func Age(d time.Duration) string {
	var buf [24]byte
	return string(AppendAge(buf[:0], d))
}

// AppendAge is Age onto dst.
func AppendAge(dst []byte, d time.Duration) []byte {
	unit, name := time.Second, byte('s')
	switch {
	case d < time.Second:
		return append(dst, "now"...)
	case d >= 48*time.Hour:
		unit, name = 24*time.Hour, 'd'
	case d >= time.Hour:
		unit, name = time.Hour, 'h'
	case d >= time.Minute:
		unit, name = time.Minute, 'm'
	}
	return append(strconv.AppendInt(dst, int64(d/unit), 10), ' ', name)
}

// Duration writes how long something took: 0.3 ms, 42 ms, 0.41 s, 12.3 s, then as Age.
func Duration(d time.Duration) string {
	var buf [24]byte
	return string(AppendDuration(buf[:0], d))
}

// AppendDuration is Duration onto dst.
func AppendDuration(dst []byte, d time.Duration) []byte {
	switch {
	case d <= 0:
		return append(dst, "0 ms"...)
	case d < 10*time.Millisecond:
		return append(strconv.AppendFloat(dst, d.Seconds()*1e3, 'f', 1, 64), " ms"...)
	case d < 100*time.Millisecond:
		return append(strconv.AppendInt(dst, d.Milliseconds(), 10), " ms"...)
	case d < 10*time.Second:
		return append(strconv.AppendFloat(dst, d.Seconds(), 'f', 2, 64), " s"...)
	case d < 100*time.Second:
		return append(strconv.AppendFloat(dst, d.Seconds(), 'f', 1, 64), " s"...)
	default:
		return AppendAge(dst, d)
	}
}

// Millis writes d in milliseconds without the unit, for a column whose header says it: 0.3, 42, 410.
func Millis(d time.Duration) string {
	var buf [24]byte
	return string(AppendMillis(buf[:0], d))
}

// AppendMillis is Millis onto dst.
func AppendMillis(dst []byte, d time.Duration) []byte {
	if d > 0 && d < 10*time.Millisecond {
		return strconv.AppendFloat(dst, d.Seconds()*1e3, 'f', 1, 64)
	}
	return strconv.AppendInt(dst, max(d, 0).Milliseconds(), 10)
}

// Capital makes a sentence of a phrase.
func Capital(s string) string { return strings.ToUpper(s[:min(1, len(s))]) + s[min(1, len(s)):] }

// Some returns the first of the texts, and how many more there are than most.
func Some(texts []string, most int) []string {
	if more := len(texts) - most; more > 0 {
		return append(texts[:most:most], fmt.Sprintf("and %d more", more))
	}
	return texts
}
