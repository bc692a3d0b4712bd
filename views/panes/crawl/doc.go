// Package crawl is pane 6: the keyspace as a strip, and the progress of the sweep and of the discovery.
package crawl
