package api

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"dhtop/dhtcore"
)

// schema is a JSON Schema, as it stands in the OpenAPI document.
type schema map[string]any

// param is a parameter of a route: of its path if that names it in braces, else of the query.
type param struct {
	name, about string
	schema      schema
	parse       func(text string) (value any, err error)
	absent      any // its value in a request without it; nil for the zero value
}

// text is a parameter that may be any text of at most longest bytes.
func text(name, about string, longest int) param {
	return param{name: name, about: about, schema: schema{"type": "string", "maxLength": longest},
		parse: func(text string) (any, error) {
			if len(text) > longest {
				return nil, fmt.Errorf("it has %d bytes: at most %d are allowed", len(text), longest)
			}
			return text, nil
		}}
}

// integer is a parameter that is a number from least to most.
func integer(name, about string, least, most, absent int) param {
	return param{name: name, about: about, absent: absent,
		schema: schema{"type": "integer", "minimum": least, "maximum": most, "default": absent},
		parse: func(text string) (any, error) {
			n, err := strconv.Atoi(text)
			if err != nil || n < least || n > most {
				return nil, fmt.Errorf("%.40q: want a number from %d to %d", text, least, most)
			}
			return n, nil
		}}
}

// choice is a parameter that is one of several words; the first one if it is absent.
func choice(name, about string, words ...string) param {
	return param{name: name, about: about, absent: words[0],
		schema: schema{"type": "string", "enum": words, "default": words[0]},
		parse: func(text string) (any, error) {
			if !slices.Contains(words, text) {
				return nil, fmt.Errorf("%.40q: want %s", text, oneOf(words))
			}
			return text, nil
		}}
}

// several is a parameter that lists some of several words, with commas between them; none if it is absent.
func several(name, about string, words ...string) param {
	return param{name: name, about: about, absent: []string(nil),
		schema: schema{"type": "string", "description": "some of " + strings.Join(words, ", ") + ", with commas between them"},
		parse: func(text string) (any, error) {
			list := strings.Split(text, ",")
			for _, word := range list {
				if !slices.Contains(words, word) {
					return nil, fmt.Errorf("%.40q: want %s, or several with commas between them", word, oneOf(words))
				}
			}
			return list, nil
		}}
}

// infoHash is a parameter that names one hash, in every form that people paste.
func infoHash(about string) param {
	return param{name: "info_hash", about: about, absent: dhtcore.ID{},
		schema: schema{"type": "string", "examples": []string{"2d066c94480adcf5b7ab60065f24e681a57e011f"}},
		parse: func(text string) (any, error) {
			torrent, err := parseTorrent(text)
			if err != nil {
				return nil, err
			}
			return torrent.Hashes[0], nil
		}}
}

// parseTorrent reads a hash or a magnet link that names one torrent.
func parseTorrent(text string) (*dhtcore.Torrent, error) {
	torrents, err := dhtcore.ParseTorrentText(text)
	switch {
	case err != nil:
		return nil, errors.New("want 40 or 64 hexadecimal or 32 base32 digits, or a magnet link, percent-encoded")
	case len(torrents) > 1:
		return nil, fmt.Errorf("it names %d torrents: want one", len(torrents))
	case torrents[0].Hashes[0].Zero():
		return nil, errors.New("a hash of zeros names no torrent")
	}
	return &torrents[0], nil
}

func oneOf(words []string) string {
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// parseParams reads the parameters of a route. One that it does not have is an error: a misspelled filter must not
// return everything.
func parseParams(r *http.Request, params []param) (map[string]any, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, problemf(http.StatusBadRequest, "the query cannot be read: percent-encode what stands in it")
	}
	values := make(map[string]any, len(params))
	for i := range params {
		p := &params[i]
		given := query[p.name]
		delete(query, p.name)
		if inPath := r.PathValue(p.name); inPath != "" {
			given = []string{inPath}
		}
		switch len(given) {
		case 0:
			values[p.name] = p.absent
			continue
		case 1:
		default:
			return nil, badParam(p.name, "%s is given %d times: pass it once", p.name, len(given))
		}
		if values[p.name], err = p.parse(given[0]); err != nil {
			return nil, badParam(p.name, "%s: %v", p.name, err)
		}
	}
	for name := range query {
		return nil, badParam(name, "unknown parameter %.40q%s", name, known(params, r))
	}
	return values, nil
}

// known says which parameters the query of a route may have.
func known(params []param, r *http.Request) string {
	var names []string
	for i := range params {
		if r.PathValue(params[i].name) == "" {
			names = append(names, params[i].name)
		}
	}
	if len(names) == 0 {
		return ": this path has none"
	}
	return ": it may be " + strings.Join(names, ", ")
}

// value returns a parameter of a call, the zero value where it is absent.
func value[T any](c *call, name string) T {
	v, _ := c.values[name].(T)
	return v
}
