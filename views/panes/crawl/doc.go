// Package crawl is pane 6: the keyspace as a strip, and how the sweep through it and the discovery stand.
package crawl
