package torrent

import (
	"encoding/hex"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// Params iterates over the parameters of a magnet link: the names in lower case and without the number of a
// group ("xt.1" is "xt"), the values unescaped. It reads them as libtorrent does: "#" is a character like any
// other, "+" is a space, and a "%" that escapes nothing stands for itself.
func Params(link string) iter.Seq2[string, string] {
	if rest, found := cutPrefix(link, "magnet%3a"); found { // the link was a parameter of another one
		link = "magnet:" + unescape(rest, false)
	}
	_, link, _ = strings.Cut(link, ":")
	link = strings.TrimPrefix(strings.TrimLeft(link, "/"), "?")
	return func(yield func(name, value string) bool) {
		for param := range strings.SplitSeq(link, "&") {
			name, value, _ := strings.Cut(param, "=")
			name = strings.ToLower(strings.TrimSpace(name))
			name = strings.TrimPrefix(name, "amp;") // of a link out of the source of a web page
			if base, group, found := strings.Cut(name, "."); found && strings.Trim(group, "0123456789") == "" {
				name = base
			}
			if !yield(name, strings.TrimSpace(unescape(value, true))) {
				return
			}
		}
	}
}

// unescape undoes percent-encoding. Where plus is set, "+" is a space.
func unescape(s string, plus bool) string {
	if !strings.ContainsAny(s, "%+") {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch b, ok := escaped(s[i:]); {
		case ok:
			out = append(out, b)
			i += 2
		case s[i] == '+' && plus:
			out = append(out, ' ')
		default:
			out = append(out, s[i])
		}
	}
	return string(out)
}

// escaped returns the byte that "%xx" at the start of s stands for.
func escaped(s string) (b byte, ok bool) {
	if len(s) < 3 || s[0] != '%' {
		return 0, false
	}
	digits, err := hex.DecodeString(s[1:3])
	if err != nil {
		return 0, false
	}
	return digits[0], true
}

// parseMagnet reads the torrents of a magnet link, each with all its trackers (BEP 9).
func parseMagnet(link string) ([]Torrent, error) {
	all, err := torrentsOfLink(link)
	if err != nil {
		return nil, err
	}
	trackers := trackersOfLink(link)
	for i := range all {
		all[i].Trackers = trackers
	}
	return all, nil
}

// torrentsOfLink reads the hashes of a magnet link (BEP 9, BEP 52). One hash of each version is one hybrid
// torrent. With more of them nobody can say which belong together, so each is a torrent of its own.
func torrentsOfLink(link string) ([]Torrent, error) {
	var v1, v2 []Torrent
	for name, topic := range Params(link) {
		if name != "xt" {
			continue
		}
		_, isV1 := cutPrefix(topic, "urn:btih:")
		_, isV2 := cutPrefix(topic, "urn:btmh:")
		if !isV1 && !isV2 {
			continue // of another network
		}
		t, err := parseHash(topic)
		if err != nil {
			return nil, fmt.Errorf("magnet link: %w", err)
		}
		if t.HasV2() {
			v2 = add(v2, t)
		} else {
			v1 = add(v1, t)
		}
	}
	switch {
	case len(v1)+len(v2) == 0:
		return nil, fmt.Errorf("magnet link without a hash (xt=urn:btih: or xt=urn:btmh:): %w", ErrHash)
	case len(v1) == 1 && len(v2) == 1 && v1[0].Hashes[0] != v2[0].Hashes[0]:
		return []Torrent{{Hashes: append(v1[0].Hashes, v2[0].Hashes...), V2: v2[0].V2}}, nil
	}
	for _, t := range v1 { // the same hash, cut off
		if !slices.ContainsFunc(v2, func(o Torrent) bool { return o.Hashes[0] == t.Hashes[0] }) {
			v2 = append(v2, t)
		}
	}
	return v2, nil
}

// MagnetName returns the name that a magnet link gives its torrent, as it stands there; "" for none.
func MagnetName(link string) string {
	for name, value := range Params(link) {
		if name == "dn" && value != "" {
			return value
		}
	}
	return ""
}
