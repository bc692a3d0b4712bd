package wire

import (
	"fmt"

	"dhtop/dhtcore/printable"
)

// clients names the two-letter codes of "v" that are common on Mainline.
var clients = map[string]string{
	"A2": "aria2", "DT": "dhtop", "JC": "jech", "LT": "libtorrent", "TR": "Transmission",
	"UT": "µTorrent", "WW": "WebTorrent", "lt": "rTorrent",
}

// ClientName returns the raw "v" of a message as printable ASCII and µ, at most 24 cells: the name of a known client
// with its version, or the letters of an unknown one with its version in hexadecimal; "" for an empty v.
func ClientName(v string) string {
	name, version := Client(v)
	if version == "" {
		return name
	}
	return name + " " + version
}

// Client returns the two parts of ClientName; version is "" where v has none.
func Client(v string) (name, version string) {
	if len(v) < 2 {
		return "", ""
	}
	name, known := clients[v[:2]]
	if !known {
		name = printable.ASCII(v[:2])
	}
	rest := v[2:]
	switch {
	case rest == "":
		return name, ""
	case len(rest) == 2 && v[:2] == "LT": // a byte and two nibbles: 2.0.8 is 02 08
		return name, fmt.Sprintf("%d.%d.%d", rest[0], rest[1]>>4, rest[1]&15)
	case len(rest) == 2 && v[:2] == "DT":
		return name, fmt.Sprintf("%d.%d", rest[0], rest[1])
	case len(rest) > 4:
		rest = rest[:4]
	}
	return name, fmt.Sprintf("%x", rest)
}
