"""Analysis: from stored articles to annotations, stories, topics, rollups, and the figures read from them.

    articles ─► annotate (text → relevance → themes → targets → sentiment) ─► stories ─► topics ─► rollups
    rollups, annotations ─► queries ─► series, moves, event_study ─► export, briefing, and the dashboard

Where to look:

    the run of a store       pipeline, executors, rollups + day_sums, rereading (another engine)
    one text                 annotate, document, text, matcher, relevance, themes + theme_model, entities
    its sentiment            targets + aliases, reading, passages, lexicon, signed, features, sentiment, vader;
                             encoder + wordpiece, unigram, modelfile + packing
    many texts               stories + story_links, story_marks; topics + topic_model, topic_neighbours,
                             topic_assignment, topic_identity, topic_labels, topic_quality; bursts, emerging;
                             meaning (sentences)
    questions                selection → where, relations → counts, collected, facets, search → article_lists, series
                             → queries; collecting (how that goes)
    statistics               series + buckets, bands, comparable, changes, anomalies, moves, firsts;
                             events, event_study + contrast, pooling; distributions
    what leaves the house    export, provenance, verify, briefing + briefing_charts
    measuring the engine     labelled, evaluation, training/

Annotation is a pure function of a text; stories and topics look at many. Nothing here knows how a page looks.
"""
