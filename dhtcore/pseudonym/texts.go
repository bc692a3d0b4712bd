package pseudonym

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// What Texts remember.
const (
	minName  = 4 // bytes; a shorter one may be anything
	maxNames = 1 << 13
	maxTexts = 1 << 12 // most texts come again and again
)

// Texts masks texts by a Key, and replaces the names in them that it has been told of. It is for one goroutine.
type Texts struct {
	key    *Key
	masked map[string]string
	names  map[string]bool
	named  *strings.Replacer // of names; nil after one has come
}

// NewTexts returns a Texts that knows no name.
func NewTexts(key *Key) *Texts {
	return &Texts{key: key, masked: make(map[string]string), names: make(map[string]bool)}
}

// Learn takes in a name that may be in texts.
func (t *Texts) Learn(name string) {
	if len(name) < minName || t.names[name] {
		return
	}
	if len(t.names) >= maxNames {
		clear(t.names)
	}
	t.names[name], t.named = true, nil
}

// Mask masks a text.
func (t *Texts) Mask(s string) string {
	if s == "" {
		return ""
	}
	if masked, ok := t.masked[s]; ok {
		return masked
	}
	if len(t.masked) >= maxTexts {
		clear(t.masked)
	}
	masked := t.key.Text(t.withoutNames(s))
	t.masked[s] = masked
	return masked
}

// withoutNames replaces the names in a text, the longest first as one may be a part of another.
func (t *Texts) withoutNames(s string) string {
	if t.named == nil {
		names := slices.SortedFunc(maps.Keys(t.names), func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
		pairs := make([]string, 0, 2*len(names))
		for _, name := range names {
			pairs = append(pairs, name, t.key.Name("name", name))
		}
		t.named = strings.NewReplacer(pairs...)
	}
	return t.named.Replace(s)
}
