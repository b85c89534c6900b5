/// Requests and answers of the APIs, as they go over the wire.
enum Bodies {
    static let chatRequest = #"""
        {"model":"gpt-4o","temperature":0.2,"top_p":0.9,"max_completion_tokens":300,"stop":["END"],"seed":7,"n":2,"stream":true,
         "reasoning_effort":"low","response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"object"}}},
         "messages":[{"role":"developer","content":"Be brief."},
          {"role":"user","content":[{"type":"text","text":"What is this?"},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0="}},
            {"type":"image_url","image_url":{"url":"https://example.com/a.png"}},
            {"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav"}}]},
          {"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"look","arguments":"{\"at\": [1, 2]}"}}]},
          {"role":"tool","tool_call_id":"call_1","content":"{\"seen\": \"a cat\"}"}],
         "tools":[{"type":"function","function":{"name":"look","description":"Looks.","parameters":{"type":"object","properties":{"at":{"type":"array"}}}}}]}
        """#

    static let chatAnswer = #"""
        {"id":"chatcmpl-1","object":"chat.completion","model":"gpt-4o-2024-08-06","service_tier":"default","system_fingerprint":"fp_1",
         "choices":[{"index":0,"message":{"role":"assistant","content":"It is a cat.","refusal":null},"finish_reason":"stop"},
          {"index":1,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"c2","type":"function","function":{"name":"look","arguments":"{}"}}]},"finish_reason":"tool_calls"}],
         "usage":{"prompt_tokens":1200,"completion_tokens":40,"total_tokens":1240,
          "prompt_tokens_details":{"cached_tokens":1024,"audio_tokens":0},
          "completion_tokens_details":{"reasoning_tokens":12,"audio_tokens":0}}}
        """#

    static let chatStream =
        [
            #"data: {"id":"chatcmpl-2","model":"gpt-4o","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}"#,
            #"data: {"id":"chatcmpl-2","model":"gpt-4o","choices":[{"index":0,"delta":{"content":"Grüße, "},"finish_reason":null}]}"#,
            ": a comment",
            #"data: {"id":"chatcmpl-2","model":"gpt-4o","choices":[{"index":0,"delta":{"content":"\ud83d\ude42 漢字"},"finish_reason":null}]}"#,
            #"data: {"id":"chatcmpl-2","model":"gpt-4o","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_9","type":"function","function":{"name":"look","arguments":""}}]},"finish_reason":null}]}"#,
            #"data: {"id":"chatcmpl-2","model":"gpt-4o","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"at\""}}]},"finish_reason":null}]}"#,
            #"data: {"id":"chatcmpl-2","model":"gpt-4o","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":":3}"}}]},"finish_reason":null}]}"#,
            #"data: {"id":"chatcmpl-2","model":"gpt-4o","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}"#,
            #"data: {"id":"chatcmpl-2","model":"gpt-4o","choices":[],"usage":{"prompt_tokens":30,"completion_tokens":9,"prompt_tokens_details":{"cached_tokens":0}}}"#,
            "data: [DONE]",
        ].joined(separator: "\n\n") + "\n\n"

    static let responsesRequest = #"""
        {"model":"o4-mini","instructions":"Think well.","max_output_tokens":900,"reasoning":{"effort":"high"},"previous_response_id":"resp_0",
         "input":[{"role":"user","content":[{"type":"input_text","text":"And now?"}]},
          {"type":"reasoning","summary":[{"type":"summary_text","text":"Hm."}]},
          {"type":"function_call","call_id":"c1","name":"look","arguments":"{\"at\":1}"},
          {"type":"function_call_output","call_id":"c1","output":"nothing"}],
         "tools":[{"type":"function","name":"look","parameters":{"type":"object"}},{"type":"web_search"}],
         "text":{"format":{"type":"text"}}}
        """#

    static let responsesAnswer = #"""
        {"id":"resp_1","object":"response","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"model":"o4-mini-2025-04-16",
         "service_tier":"flex","output":[{"type":"reasoning","summary":[{"type":"summary_text","text":"Let me see."}]},
          {"type":"message","role":"assistant","content":[{"type":"output_text","text":"Then the","annotations":[]}]}],
         "usage":{"input_tokens":70,"input_tokens_details":{"cached_tokens":10},"output_tokens":900,"output_tokens_details":{"reasoning_tokens":880}}}
        """#

    static let responsesStream =
        [
            #"""
            event: response.created
            data: {"type":"response.created","response":{"id":"resp_2","status":"in_progress","model":"o4-mini","output":[],"usage":null}}
            """#,
            #"""
            event: response.output_text.delta
            data: {"type":"response.output_text.delta","delta":"I can"}
            """#,
            #"""
            event: response.output_text.delta
            data: {"type":"response.output_text.delta","delta":"not."}
            """#,
            #"""
            event: response.completed
            data: {"type":"response.completed","response":{"id":"resp_2","status":"completed","model":"o4-mini","output":[{"type":"message","role":"assistant","content":[{"type":"refusal","refusal":"I cannot."}]}],"usage":{"input_tokens":5,"output_tokens":3}}}
            """#,
        ].joined(separator: "\r\n\r\n").replacing("\n", with: "\r\n").replacing("\r\r\n", with: "\r\n") + "\r\n\r\n"

    static let anthropicRequest = #"""
        {"model":"claude-sonnet-4-5","max_tokens":1024,"temperature":1,"top_k":40,"stop_sequences":["\n\nHuman:"],"stream":true,
         "system":[{"type":"text","text":"You analyse markets.","cache_control":{"type":"ephemeral"}}],
         "messages":[{"role":"user","content":"Compare AAPL and MSFT"},
          {"role":"assistant","content":[{"type":"thinking","thinking":"I need data.","signature":"c2ln"},
            {"type":"tool_use","id":"toolu_1","name":"fetch","input":{"symbol":"AAPL"}}]},
          {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"{\"pe\": 30.5}"}]}]},
          {"role":"user","content":[{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0="}}]}],
         "tools":[{"name":"fetch","description":"Fetches.","input_schema":{"type":"object"}},{"type":"web_search_20250305","name":"web_search"}]}
        """#

    static let anthropicAnswer = #"""
        {"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5-20250929","stop_reason":"refusal","content":[],
         "usage":{"input_tokens":12,"cache_read_input_tokens":2000,"cache_creation_input_tokens":300,
          "cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":200},"output_tokens":4,"service_tier":"standard"}}
        """#

    static let anthropicStream =
        [
            "event: message_start\n"
                + #"data: {"type":"message_start","message":{"id":"msg_2","model":"claude-sonnet-4-5","role":"assistant","content":[],"stop_reason":null,"usage":{"input_tokens":12,"cache_read_input_tokens":2000,"cache_creation_input_tokens":300,"output_tokens":1}}}"#,
            "event: content_block_start\n"
                + #"data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}"#,
            "event: content_block_delta\n"
                + #"data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"So…"}}"#,
            "event: content_block_delta\n"
                + #"data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln"}}"#,
            "event: content_block_stop\n" + #"data: {"type":"content_block_stop","index":0}"#,
            "event: content_block_start\n" + #"data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}"#,
            "event: ping\n" + #"data: {"type":"ping"}"#,
            "event: content_block_delta\n"
                + #"data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"One moment"}}"#,
            "event: content_block_delta\n"
                + #"data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":", please."}}"#,
            "event: content_block_start\n"
                + #"data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_2","name":"fetch","input":{}}}"#,
            "event: content_block_delta\n"
                + #"data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"symbol\": \"MS"}}"#,
            "event: content_block_delta\n"
                + #"data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"FT\"}"}}"#,
            "event: message_delta\n"
                + #"data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":55}}"#,
            "event: message_stop\n" + #"data: {"type":"message_stop"}"#,
        ].joined(separator: "\n\n") + "\n\n"

    static let geminiRequest = #"""
        {"systemInstruction":{"parts":[{"text":"Be kind."}]},
         "contents":[{"role":"user","parts":[{"text":"Look"},{"inlineData":{"mimeType":"image/jpeg","data":"/9j/"}}]},
          {"role":"model","parts":[{"functionCall":{"name":"look","args":{"at":1}}}]},
          {"role":"user","parts":[{"functionResponse":{"name":"look","response":{"seen":"a dog"}}}]}],
         "tools":[{"functionDeclarations":[{"name":"look","parameters":{"type":"OBJECT"}}]},{"googleSearch":{}}],
         "generationConfig":{"temperature":0.5,"topK":20,"maxOutputTokens":99,"stopSequences":["x"],"responseMimeType":"application/json"}}
        """#

    static let geminiStream =
        [
            #"data: {"candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"Let me think","thought":true}]}}],"usageMetadata":{"promptTokenCount":20},"modelVersion":"gemini-2.5-flash","responseId":"g1"}"#,
            #"data: {"candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"A "}]}}],"usageMetadata":{"promptTokenCount":20},"modelVersion":"gemini-2.5-flash","responseId":"g1"}"#,
            #"data: {"candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"dog."},{"functionCall":{"name":"look","args":{"at":2}}}]},"finishReason":"MAX_TOKENS"}],"usageMetadata":{"promptTokenCount":20,"candidatesTokenCount":6,"thoughtsTokenCount":4,"cachedContentTokenCount":8,"promptTokensDetails":[{"modality":"TEXT","tokenCount":15},{"modality":"AUDIO","tokenCount":5}]},"modelVersion":"gemini-2.5-flash","responseId":"g1"}"#,
        ].joined(separator: "\r\n\r\n") + "\r\n\r\n"

    static let embeddingsRequest = #"{"model":"text-embedding-3-small","input":["one","two"],"encoding_format":"float"}"#
    static let embeddingsAnswer =
        #"{"object":"list","model":"text-embedding-3-small","data":[{"index":0,"embedding":[0.1,0.2,0.3]}],"usage":{"prompt_tokens":6,"total_tokens":6}}"#
}
