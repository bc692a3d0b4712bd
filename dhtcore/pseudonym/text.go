package pseudonym

import (
	"encoding/base32"
	"encoding/hex"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
)

// secrets are what may have to be replaced in a text.
var secrets = regexp.MustCompile(strings.Join([]string{
	`(?i:https?|udp|wss?)://[^\s"'<>]+`,               // of a tracker: it may hold a passkey
	`(?:/home/|/Users/|[A-Za-z]:\\Users\\)[^/\\\s:]+`, // where the name of the user is
	`\d{1,3}(?:\.\d{1,3}){3}`,
	`[0-9A-Fa-f]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*[0-9A-Fa-f](?:%\w+)?`,
	`[0-9A-Fa-f]{4,}…`, // the beginning of an ID
	`[0-9A-Fa-f]{6,}`,  // an ID, or its beginning
	`\b[A-Z2-7]{32}\b`, // an ID in base32
}, "|"))

// Text returns a text with the addresses, IDs, URLs and homes in it replaced.
func (k *Key) Text(s string) string {
	return secrets.ReplaceAllStringFunc(s, func(found string) string {
		switch {
		case strings.Contains(found, "://"):
			return k.URL(found)
		case strings.ContainsAny(found, `/\\`):
			return found[:strings.LastIndexAny(found, `/\\`)+1] + "user"
		case strings.HasSuffix(found, "…"):
			return k.start(strings.TrimSuffix(found, "…")) + "…"
		}
		if ip, err := netip.ParseAddr(found); err == nil {
			return k.Addr(ip).String()
		}
		if strings.Count(found, ":") > 1 {
			return k.addrIn(found)
		}
		return k.digits(found)
	})
}

// addrIn replaces an IPv6 address that punctuation follows; what is none stays: a time.
func (k *Key) addrIn(s string) string {
	for end := len(s) - 1; end > 1; end-- {
		if ip, err := netip.ParseAddr(s[:end]); err == nil && ip.Is6() {
			return k.Addr(ip).String() + s[end:]
		}
	}
	return s
}

// digits replaces an ID, in base 16 or 32, or its beginning, unless it is a number or a word.
func (k *Key) digits(s string) string {
	if id, err := base32.StdEncoding.DecodeString(s); err == nil && len(id) == 20 {
		p := k.ID([20]byte(id))
		return base32.StdEncoding.EncodeToString(p[:])
	}
	letters := strings.Trim(s, "0123456789")
	if len(s) < 16 && (letters == "" || len(letters) == len(s)) {
		return s
	}
	return k.start(s)
}

// start replaces the first digits of an ID, or all of them.
func (k *Key) start(s string) string {
	lower := strings.ToLower(s)
	if len(s) > 40 {
		return hex.EncodeToString(k.Bytes([]byte(lower)))[:len(s)]
	}
	var id [20]byte
	if _, err := hex.Decode(id[:], []byte((lower + strings.Repeat("0", 40))[:40])); err != nil {
		return s
	}
	p := k.ID(id)
	return hex.EncodeToString(p[:])[:len(s)]
}

// URL returns the pseudonym of the URL of a tracker: of its scheme alone it can be told.
func (k *Key) URL(s string) string {
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme == "" {
		return strings.ReplaceAll(k.Name("tracker", s), " ", "-") + ".invalid"
	}
	return u.Scheme + "://" + strings.ReplaceAll(k.Name("tracker", u.Host), " ", "-") + ".invalid/" + strings.ReplaceAll(k.Name("path", u.RequestURI()), " ", "-")
}
