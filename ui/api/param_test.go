package api

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
)

func TestAParameterThatIsWrongIsNamed(t *testing.T) {
	params := []param{integer("limit", "", 1, 500, 100), choice("order", "", "desc", "asc"), several("kind", "", "found", "named"),
		text("filter", "", 10), infoHash("")}
	hash := strings.Repeat("ab", 20)
	for query, want := range map[string]any{
		"":                              map[string]any{"limit": 100, "order": "desc"},
		"limit=7&order=asc&kind=found":  map[string]any{"limit": 7, "order": "asc", "kind": []string{"found"}},
		"kind=found,named&filter=a%26b": map[string]any{"kind": []string{"found", "named"}, "filter": "a&b"},
		"limit=0":                       "limit",
		"limit=501":                     "limit",
		"limit=":                        "limit",
		"limit=1e2":                     "limit",
		"limit=7&limit=8":               "limit",
		"order=up":                      "order",
		"kind=found,other":              "kind",
		"filter=01234567890":            "filter",
		"info_hash=xyz":                 "info_hash",
		"info_hash=/etc/passwd":         "info_hash",
		"info_hash=file:///x.torrent":   "info_hash",
		"info_hash=" + hash + "+" + hash[:38] + "cd": "info_hash",
		"fliter=ubuntu": "fliter",
		"filter=%zz":    "",
		"a;b":           "",
	} {
		values, err := parseParams(httptest.NewRequest("GET", "/?"+query, http.NoBody), params)
		switch want := want.(type) {
		case string:
			if p, ok := errors.AsType[*problem](err); !ok || p.Status != http.StatusBadRequest || p.Parameter != want || p.Detail == "" {
				t.Errorf("%s: %#v; want %q named", query, err, want)
			}
		case map[string]any:
			for name, v := range want {
				if err != nil || !reflect.DeepEqual(values[name], v) {
					t.Errorf("%s: %s is %v, %v; want %v", query, name, values[name], err, v)
				}
			}
		}
	}
}
