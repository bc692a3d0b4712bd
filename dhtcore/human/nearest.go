package human

import (
	"fmt"
	"slices"
	"strings"
)

// Nearest returns the name that somebody meant who wrote another one, "" if none is near: one that differs in a
// letter or two, or that begins so.
func Nearest(wrong string, names []string) string {
	wrong = strings.ToLower(wrong)
	best, least := "", 2
	if len(wrong) > 5 {
		least++
	}
	for _, name := range slices.Sorted(slices.Values(names)) {
		if d := editDistance(wrong, strings.ToLower(name)); d < least {
			best, least = name, d
		}
	}
	if best != "" || len(wrong) < 3 {
		return best
	}
	for _, name := range slices.Sorted(slices.Values(names)) {
		if strings.HasPrefix(strings.ToLower(name), wrong) {
			return name
		}
	}
	return ""
}

// DidYouMean returns the end of an error about an unknown name: the nearest right one, or otherwise.
func DidYouMean(name string, names []string, otherwise string) string {
	if near := Nearest(name, names); near != "" {
		return fmt.Sprintf(": did you mean %q?", near)
	}
	return otherwise
}

// editDistance returns how many letters to insert, delete, replace or swap with the next one to get from a to b.
func editDistance(a, b string) int {
	// d[i][j] is the distance of a[:i] and b[:j].
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			replaced := d[i-1][j-1]
			if a[i-1] != b[j-1] {
				replaced++
			}
			d[i][j] = min(replaced, d[i-1][j]+1, d[i][j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}
